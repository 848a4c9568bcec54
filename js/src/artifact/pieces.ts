// What is drawn once a reader asks for it.
export { Code } from "../shared/detail/Code";
export { Excerpt } from "../shared/detail/Excerpt";
export { Preview } from "./Preview";
export { Usage } from "./Usage";
export { Versions } from "./Versions";
