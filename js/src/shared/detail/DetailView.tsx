// Everything about one version, in tabs. The artifact panel, the table and the lineage graph show it.

import type { ArtifactDetail } from "../protocol.gen";
import { FileTable } from "../ui/FileTable";
import { MetadataTree } from "../ui/MetadataTree";
import { Notice } from "../ui/Notice";
import { type Tab, Tabs } from "../ui/Tabs";
import { Overview } from "./Overview";
import { Usage } from "./Usage";
import { Versions } from "./Versions";
import "./detail.css";

export interface DetailViewProps {
  detail: ArtifactDetail;
  tab: string;
  onTab(tab: string): void;
  /** Opens another version by its id; without it versions and inputs are plain text. */
  onOpen?: ((id: number) => void) | undefined;
}

export function DetailView({ detail, tab, onTab, onOpen }: DetailViewProps) {
  const { row } = detail;
  const tabs: Tab[] = [
    { key: "overview", text: "Overview" },
    { key: "metadata", text: "Metadata", count: Object.keys(row.metadata).length },
    { key: "files", text: "Files", count: detail.files_total },
    { key: "versions", text: "Versions", count: detail.versions.length },
    { key: "usage", text: "Usage" },
  ];
  const open = tabs.some((each) => each.key === tab) ? tab : "overview";
  return (
    <>
      {row.stale !== "" && <Notice kind="warn">Stale: {row.stale}</Notice>}
      <Tabs label="About this version" tabs={tabs} value={open} onChange={onTab}>
        {open === "overview" && <Overview detail={detail} onOpen={onOpen} />}
        {open === "metadata" && <MetadataTree data={row.metadata} />}
        {open === "files" && <FileTable version={row.id} files={detail.files} total={detail.files_total} />}
        {open === "versions" && <Versions detail={detail} onOpen={onOpen} />}
        {open === "usage" && <Usage detail={detail} />}
      </Tabs>
    </>
  );
}
