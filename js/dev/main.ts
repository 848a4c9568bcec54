import { artifactScenes } from "./fixtures/artifact";
import { cardScenes } from "./fixtures/card";
import { diffScenes } from "./fixtures/diff";
import { examplesScenes } from "./fixtures/examples";
import { lineageScenes } from "./fixtures/lineage";
import { runScenes } from "./fixtures/run";
import { tableScenes } from "./fixtures/table";
import { show } from "./page";

await show({
  card: cardScenes,
  table: tableScenes,
  artifact: artifactScenes,
  lineage: lineageScenes,
  examples: examplesScenes(),
  run: runScenes,
  diff: diffScenes,
});
