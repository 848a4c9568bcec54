// What is drawn once a reader asks for it.
export { FileTable } from "../shared/ui/FileTable";
export { MetadataTree } from "../shared/ui/MetadataTree";
