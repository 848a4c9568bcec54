// What is drawn once a reader asks for it.
export { Inside } from "./Inside";
