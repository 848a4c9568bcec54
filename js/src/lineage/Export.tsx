import { useState } from "preact/hooks";
import { copyText } from "../shared/dom";
import { useHost } from "../shared/panel";
import type { GraphNode, LineageView } from "../shared/protocol.gen";
import { errorText } from "../shared/rpc";
import { readColors } from "../shared/theme";
import { Menu, type MenuItem } from "../shared/ui/Menu";
import { say } from "../shared/words";
import { plainColors } from "./export/colors";
import { pngOf, saveBlob, saveText } from "./export/save";
import { svg } from "./export/svg";
import { dot, json, mermaid, python } from "./export/text";
import { type Scene, sceneOf } from "./graph/scene";
import type { Picture } from "./levels";

interface ExportProps {
  /** The layout on the screen, where there is one. */
  scene: Scene | null;
  picture: Picture;
  view: LineageView;
  title: GraphNode | undefined;
}

/** Everything that is shown, as a file; drawn from the data. */
export function Export({ scene, picture, view, title }: ExportProps) {
  const { root, announce } = useHost();
  const [busy, setBusy] = useState(false);
  const drawn = () => scene ?? sceneOf(picture, view.direction === "down");
  const draw = () =>
    svg(
      drawn(),
      plainColors(readColors(root)),
      title ? say("Lineage of {name}", { name: title.label }) : say("Lineage of the project"),
    );
  const save = (text: string, ending: string, type: string) => {
    saveText(text, `lineage.${ending}`, type, root);
    announce(say("{file} saved", { file: `lineage.${ending}` }));
  };
  const png = async () => {
    setBusy(true);
    try {
      const { left, top, right, bottom } = drawn().layout.box;
      saveBlob(
        await pngOf(draw(), right - left + 40, bottom - top + 40, root.ownerDocument),
        "lineage.png",
        root,
      );
      announce(say("{file} saved", { file: "lineage.png" }));
    } catch (error) {
      announce(errorText(error));
    }
    setBusy(false);
  };
  const copy = async () => {
    const line = python(title?.label ?? null, view);
    announce(
      (await copyText(line, root)) ? say("Line of Python copied") : say("This page does not allow copying"),
    );
  };
  const items: MenuItem[] = [
    { text: say("SVG picture"), run: () => save(draw(), "svg", "image/svg+xml") },
    { text: busy ? say("PNG picture…") : say("PNG picture"), run: png, disabled: busy },
    { text: say("Mermaid text"), run: () => save(mermaid(picture, view.direction), "mmd", "text/plain") },
    { text: say("DOT text"), run: () => save(dot(picture, view.direction), "dot", "text/vnd.graphviz") },
    { text: say("JSON data"), run: () => save(json(picture, view.direction), "json", "application/json") },
    { text: say("Copy line of Python"), run: copy },
  ];
  return <Menu text={say("Export")} items={items} disabled={picture.items.length === 0} />;
}
