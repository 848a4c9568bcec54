// Put before all else in every bundle (build.mjs): what JSX becomes, shorter than the automatic runtime's
// calls, and the style sheets that all others refine.
import "./base.css";
import "./controls.css";
import "./marks.css";

export { Fragment, h } from "preact";
