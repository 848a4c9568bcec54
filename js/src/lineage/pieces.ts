// What is drawn once a reader asks for it.
export { Export } from "./Export";
export { List } from "./List";
export { Side } from "./side/Side";
