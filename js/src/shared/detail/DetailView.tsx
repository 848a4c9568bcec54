// Everything about one version, in tabs. The artifact panel, the table and the lineage graph show it.

import type { ComponentChildren } from "preact";
import type { ArtifactDetail } from "../protocol.gen";
import { FileTable } from "../ui/FileTable";
import { MetadataTree } from "../ui/MetadataTree";
import { Notice } from "../ui/Notice";
import { type Tab, Tabs } from "../ui/Tabs";
import { Text } from "../ui/Text";
import { mix, say } from "../words";
import { Overview } from "./Overview";
import "./detail.css";

/** A tab beyond the three that every panel shows. */
export interface MoreTab extends Tab {
  content(): ComponentChildren;
}

export interface DetailViewProps {
  detail: ArtifactDetail;
  tab: string;
  onTab(tab: string): void;
  /** Opens another version by its id; without it inputs are plain text. */
  onOpen?: ((id: number) => void) | undefined;
  more?: readonly MoreTab[];
  /** Shows what is inside of a file. */
  onPick?: ((index: number, path: string) => void) | undefined;
  /** Below the list of files. */
  inside?: ComponentChildren;
}

export function DetailView({ detail, tab, onTab, onOpen, more = [], onPick, inside }: DetailViewProps) {
  const { row, problem } = detail;
  const tabs: MoreTab[] = [
    { key: "overview", text: say("Overview"), content: () => <Overview detail={detail} onOpen={onOpen} /> },
    {
      key: "metadata",
      text: say("Metadata"),
      count: Object.keys(row.metadata).length,
      content: () => <MetadataTree data={row.metadata} label={say("Metadata")} />,
    },
    {
      key: "files",
      text: say("Files"),
      count: detail.files_total,
      content: () => (
        <>
          <FileTable version={row.id} files={detail.files} total={detail.files_total} onPick={onPick} />
          {inside}
        </>
      ),
    },
    ...more,
  ];
  const open = tabs.find((each) => each.key === tab) ?? tabs[0];
  return (
    <>
      {row.stale !== "" && (
        <Notice kind="warn">{mix("Stale: {why}", { why: <Text value={row.stale} /> })}</Notice>
      )}
      {problem && (
        <Notice kind="error">
          <Text value={problem} limit={1000} />
        </Notice>
      )}
      <Tabs label={say("About this version")} tabs={tabs} value={tab} onChange={onTab}>
        {open?.content()}
      </Tabs>
    </>
  );
}
