// What is drawn once a reader asks for it.
export { Compared } from "./Compared";
export { Detail } from "./Detail";
