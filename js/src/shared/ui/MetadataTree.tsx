import { useMemo } from "preact/hooks";
import { count, scalar, shortList } from "../format";
import type { JsonObject } from "../protocol.gen";
import { countValues, type MetadataRow, metadataRows } from "../tree";
import { say } from "../words";
import { Empty } from "./Notice";
import { Text } from "./Text";
import { TreeGrid } from "./TreeGrid";

const COLUMNS = [{ title: /* say */ "Key", kind: "ja-key" }, { title: /* say */ "Value" }];

// Up to so many values the tree has no search box, and up to so many it is wholly open at first.
const FEW = 12;
const SOME = 60;

/** Metadata (or a configuration) as a tree that can be searched. */
export function MetadataTree({ data, label }: { data: JsonObject; label: string }) {
  const values = useMemo(() => countValues(data, 1000), [data]);
  if (values === 0) return <Empty>{say("{what}: none", { what: label })}</Empty>;
  return (
    <TreeGrid
      label={label}
      columns={COLUMNS}
      data={data}
      rows={(opened, query) => metadataRows(data, opened, query, values > SOME ? 0 : 9)}
      cells={cells}
      find={values > FEW && say("Find key or value…")}
      note={count(values, "value")}
    />
  );
}

function cells({ label, value, open }: MetadataRow) {
  const text = scalar(value);
  const plain = typeof value === "number" || shortList(value) !== null;
  const kind = plain ? "ja-mono" : typeof value === "string" ? undefined : "ja-mono ja-mut";
  return [
    <Text key="k" value={label} whole />,
    <span key="v" class={kind}>
      {typeof value === "string" ? <Text value={value} limit={2000} /> : open ? "" : text}
    </span>,
  ];
}
