// Writes build/dev/index.html: fixtures, fake host and the panels' bundles in one file, opened without a server.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { bundle, entry, kinds, options, words } from "../build.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "..", "build", "dev");

const texts = await bundle(kinds().map(entry));
const bundles = Object.fromEntries(
  kinds().map((kind) => [kind, { js: texts[`${kind}.js`], css: texts[`${kind}.css`] }]),
);
const page = await esbuild.build({
  ...options,
  minify: false,
  inject: [], // the page itself has no JSX, and the style sheets come with the bundles
  entryPoints: [join(here, "main.ts")],
  write: false,
});
const safe = (text) => text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Panels</title>
<style>
body { margin: 16px auto; background: var(--jp-layout-color1, var(--vscode-editor-background, #fff)); }
body.page-dark { background: var(--jp-layout-color1, var(--vscode-editor-background, #15171a)); }
.scene { margin: 18px 0 6px; font: 12px ui-monospace, monospace; color: #6b6b6b; }
.page-dark .scene { color: #999; }
</style>
<body>
<script>window.JA_BUNDLES = ${safe(JSON.stringify(bundles))}; window.JA_WORDS = ${safe(JSON.stringify(words()))}</script>
<script type="module">${safe(page.outputFiles[0].text)}</script>
</body>
</html>
`;
mkdirSync(target, { recursive: true });
writeFileSync(join(target, "index.html"), html);
process.stdout.write(`${join(target, "index.html")}\n`);
