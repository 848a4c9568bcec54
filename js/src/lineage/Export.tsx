import { useState } from "preact/hooks";
import { copyText } from "../shared/dom";
import { useHost } from "../shared/panel";
import type { GraphNode, LineageView } from "../shared/protocol.gen";
import { errorText } from "../shared/rpc";
import { readColors } from "../shared/theme";
import { Menu, type MenuItem } from "../shared/ui/Menu";
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
  const drawn = () => scene ?? sceneOf(picture);
  const draw = () =>
    svg(
      drawn(),
      plainColors(readColors(root)),
      title ? `Lineage of ${title.label}` : "Lineage of the project",
    );
  const save = (text: string, ending: string, type: string) => {
    saveText(text, `lineage.${ending}`, type, root);
    announce(`lineage.${ending} saved`);
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
      announce("lineage.png saved");
    } catch (error) {
      announce(errorText(error));
    }
    setBusy(false);
  };
  const copy = async () => {
    const line = python(title?.label ?? null, view.up, view.down, view.level);
    announce((await copyText(line, root)) ? "Line of Python copied" : "This page does not allow copying");
  };
  const items: MenuItem[] = [
    { text: "SVG picture", run: () => save(draw(), "svg", "image/svg+xml") },
    { text: busy ? "PNG picture…" : "PNG picture", run: png, disabled: busy },
    { text: "Mermaid text", run: () => save(mermaid(picture), "mmd", "text/plain") },
    { text: "DOT text", run: () => save(dot(picture), "dot", "text/vnd.graphviz") },
    { text: "JSON data", run: () => save(json(picture), "json", "application/json") },
    { text: "Copy line of Python", run: copy },
  ];
  return <Menu text="Export" items={items} disabled={picture.items.length === 0} />;
}
