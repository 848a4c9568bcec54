// Put before all else in every bundle (build.mjs): what JSX becomes, shorter than the automatic runtime's
// calls, and the style sheet that all others refine.
import "./base.css";

export { Fragment, h } from "preact";
