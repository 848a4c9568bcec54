// @vitest-environment happy-dom
// A panel that a notebook has stored, drawn with no kernel: it stands still, it does not ask again and again.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Scene } from "../../dev/fake-model";
import { artifactScenes } from "../../dev/fixtures/artifact";
import { cardScenes } from "../../dev/fixtures/card";
import { lineageScenes } from "../../dev/fixtures/lineage";
import { runScenes } from "../../dev/fixtures/run";
import { tableScenes } from "../../dev/fixtures/table";
import { StillModel } from "../../labext/still";
import artifact from "../../src/entries/artifact";
import card from "../../src/entries/card";
import lineage from "../../src/entries/lineage";
import run from "../../src/entries/run";
import table from "../../src/entries/table";
import type { PanelModel } from "../../src/shared/model";
import { type PanelKind, PROTOCOL_VERSION } from "../../src/shared/protocol.gen";
import { idle } from "../mount";

const first = <S,>(scenes: Record<string, S>) => Object.values(scenes)[0] as S;
const PANELS: [PanelKind, unknown, unknown][] = [
  ["artifact", artifact, first(artifactScenes)],
  ["card", card, first(cardScenes)],
  ["lineage", lineage, first(lineageScenes)],
  ["run", run, first(runScenes)],
  ["table", table, first(tableScenes)],
];

beforeEach(() => void vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900));
afterEach(() => {
  document.body.textContent = "";
  vi.restoreAllMocks();
});

it.each(PANELS)("%s", async (kind, make, scene) => {
  const { snapshot, view = {} } = scene as Scene<PanelKind>;
  const traits = { protocol: PROTOCOL_VERSION, kind, panel_id: "", snapshot, view };
  const model = new StillModel<PanelKind>(traits as never);
  let asked = 0;
  const send = vi.spyOn(model, "send").mockImplementation(() => {
    if (++asked > 50) throw new Error("asks again and again");
    throw new Error("no kernel");
  });
  const el = document.createElement("div");
  document.body.append(el);
  const widget = (make as () => { render(given: unknown): () => void })();
  const clear = widget.render({
    model: model as unknown as PanelModel,
    el,
    signal: new AbortController().signal,
  });
  for (let turn = 0; turn < 5; turn++) await idle();
  expect(el.textContent).toContain("As saved in the notebook");
  expect(el.textContent).not.toContain("could not be drawn");
  expect(send.mock.calls.length).toBeLessThan(10);
  clear();
});
