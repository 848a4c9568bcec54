// What JSX becomes in the bundles (see build.mjs): shorter than the automatic runtime's calls.
export { Fragment, h } from "preact";
