// What is drawn once a reader asks for it.
export { MetadataTree } from "../shared/ui/MetadataTree";
export { Media } from "./Media";
export { Numbers } from "./Numbers";
export { Overview } from "./Overview";
