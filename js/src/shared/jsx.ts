// Put before all else in every bundle (build.mjs): JSX, and the style sheets that all others refine.
import "./base.css";
import "./controls.css";
import "./marks.css";

export { Fragment, h } from "./h";
