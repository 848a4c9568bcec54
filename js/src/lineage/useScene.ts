import { useEffect, useReducer, useRef } from "preact/hooks";
import { givenOf, type Scene, sceneOf } from "./graph/scene";
import { layoutLater } from "./later";
import type { Layout } from "./layout";
import type { Picture } from "./levels";

/** So many boxes and edges are laid out at once; with more it may take over 50 ms. */
const FEW = 250;

/**
 * The laid-out picture: at once where it is small, else when it is ready. Until then the scene before
 * stays where both belong to one family, and there is none where not.
 */
export function useScene(picture: Picture, down: boolean, family: string, skip: boolean): Scene | null {
  const last = useRef<{ scene: Scene; family: string } | null>(null);
  const [failed, redraw] = useReducer((_: unknown, error: unknown) => error, null);
  if (failed instanceof Error) throw failed;
  const before = last.current?.family === family ? last.current.scene : null;
  const idle = skip || picture.items.length === 0 || before?.picture === picture;
  const few = picture.items.length + picture.edges.length <= FEW;
  const keep = (scene: Scene) => {
    last.current = { scene, family };
    return scene;
  };
  useEffect(() => {
    if (idle || few) return;
    const abort = new AbortController();
    const then = (layout: Layout) => {
      keep(sceneOf(picture, down, null, layout));
      return {};
    };
    layoutLater(givenOf(picture, down, before), abort.signal)
      .then(then, (error: unknown) => error)
      .then((news) => abort.signal.aborted || redraw(news));
    return () => abort.abort();
  }, [picture, family, idle]);
  if (idle || !few) return skip ? null : before;
  return keep(sceneOf(picture, down, before));
}
