// The virtualiser alone, and the plainest rows on it: no grid semantics, as it comes.
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { COLUMNS, drawn, page, until } from "./shared.mjs";

const HEIGHT = 28;
const PAGE = 100;

export async function start(root, rows) {
  const begin = performance.now();
  const box = document.createElement("div");
  box.style.cssText = "height:400px;overflow:auto";
  const track = document.createElement("div");
  box.append(track);
  root.append(box);
  const pages = new Map();
  const render = () => {
    track.style.cssText = `position:relative;height:${virtual.getTotalSize()}px`;
    track.replaceChildren(
      ...virtual.getVirtualItems().map(({ index, start }) => {
        const at = Math.floor(index / PAGE);
        if (!pages.has(at)) {
          pages.set(at, null);
          page(at * PAGE, at * PAGE + PAGE).then((found) => {
            pages.set(at, found);
            render();
          });
        }
        const line = document.createElement("div");
        line.style.cssText = `position:absolute;top:0;height:${HEIGHT}px;display:flex;transform:translateY(${start}px)`;
        const row = pages.get(at)?.[index % PAGE];
        for (const name of COLUMNS) {
          const field = document.createElement("span");
          field.style.width = "120px";
          field.textContent = row?.[name] ?? "";
          line.append(field);
        }
        return line;
      }),
    );
  };
  const virtual = new Virtualizer({
    count: rows,
    getScrollElement: () => box,
    estimateSize: () => HEIGHT,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    overscan: 4,
    onChange: render,
  });
  virtual._didMount();
  virtual._willUpdate();
  render();
  await until(() => root.textContent.includes("artifact-0"));
  await drawn();
  return { first: performance.now() - begin, box, grid: null };
}
