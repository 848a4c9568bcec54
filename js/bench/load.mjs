// Our own modules, built on the fly: the benchmark runs what the panel ships.
import * as esbuild from "esbuild";

const SOURCE = `
export { layout } from "../src/lineage/layout";
export { GAP_X, GAP_Y, HEIGHT, WIDTH } from "../src/lineage/layout/sizes";
export { pictureOf } from "../src/lineage/levels";
export { generate, slice } from "../test/lineage/generate";
`;

export async function load() {
  const built = await esbuild.build({
    stdin: { contents: SOURCE, resolveDir: import.meta.dirname, loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  return import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].text).toString("base64")}`);
}
