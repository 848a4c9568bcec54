// What JSX becomes: shorter than the automatic runtime's calls.
export { Fragment, h } from "preact";
