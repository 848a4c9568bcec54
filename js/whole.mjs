// A module of one function that has everything it needs inside of itself: its text can be a worker's script.
import { dirname } from "node:path";
import * as esbuild from "esbuild";

/** For esbuild: `engine.ts` exports a function that returns its imports; they are bundled into its body. */
export const whole = {
  name: "whole",
  setup(build) {
    build.onLoad({ filter: /[\\/]engine\.ts$/ }, async ({ path }) => {
      const { target, charset } = build.initialOptions;
      const built = await esbuild.build({
        stdin: { contents: 'export * from "./layout";', resolveDir: dirname(path), loader: "ts" },
        bundle: true,
        minify: true,
        format: "esm",
        target,
        charset,
        write: false,
        metafile: true,
      });
      const exported = /export\{([^}]*)\};?\s*$/;
      const code = built.outputFiles[0].text.replace(exported, (_, names) => {
        const pairs = names.split(",").map((each) => each.trim().split(" as "));
        return `return{${pairs.map(([own, name = own]) => `${name}:${own}`)}}`;
      });
      const watchFiles = Object.keys(built.metafile.inputs);
      return { contents: `export function engine(){${code}}`, loader: "js", watchFiles };
    });
  },
};
