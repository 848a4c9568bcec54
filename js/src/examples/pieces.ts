// What is drawn once a reader asks for it.
export { Confusion } from "./Confusion";
export { Zoom } from "./Zoom";
