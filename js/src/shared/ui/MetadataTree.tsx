import { useMemo, useState } from "preact/hooks";
import { count, scalar } from "../format";
import type { JsonObject, JsonValue } from "../protocol.gen";
import { countValues, metadataRows, type Opened } from "../tree";
import { Empty } from "./Notice";
import { SearchBox } from "./SearchBox";
import { Text } from "./Text";
import { TreeGrid } from "./TreeGrid";

const COLUMNS = [{ title: "Key", kind: "ja-key" }, { title: "Value" }] as const;

// Up to here the whole tree is open at first, and a search box would only be in the way.
const FEW = 12;

/** Metadata (or a configuration) as a tree that can be searched. */
export function MetadataTree({ data, label = "Metadata" }: { data: JsonObject; label?: string }) {
  const [query, setQuery] = useState("");
  const [opened, setOpened] = useState<Opened>(new Map());
  const values = useMemo(() => countValues(data, 1000), [data]);
  const rows = useMemo(
    () => metadataRows(data, opened, query, values > 60 ? 0 : 9),
    [data, opened, query, values],
  );
  if (values === 0) return <Empty>No {label.toLowerCase()}</Empty>;
  return (
    <>
      {values > FEW && (
        <div class="ja-sub">
          <SearchBox
            label={`Find in ${label.toLowerCase()}`}
            placeholder="Find key or value…"
            value={query}
            onInput={setQuery}
          />
          <span class="ja-mut">{query === "" ? count(values, "value") : count(rows.length, "row")}</span>
        </div>
      )}
      {rows.length === 0 ? (
        <Empty>Nothing matches</Empty>
      ) : (
        <TreeGrid
          label={label}
          columns={COLUMNS}
          rows={rows}
          onToggle={(row, open) => setOpened(new Map(opened).set(row.id, open))}
          cells={(row) => [
            <Text key="k" value={row.label} whole />,
            <Value key="v" value={row.value} open={row.open} />,
          ]}
        />
      )}
    </>
  );
}

function Value({ value, open }: { value: JsonValue; open: boolean | null }) {
  const nested = typeof value === "object" && value !== null;
  if (nested) return <span class="ja-mut">{open ? "" : scalar(value)}</span>;
  if (typeof value === "string") return <Text value={value} limit={2000} />;
  return <span class={`ja-mono${typeof value === "number" ? "" : " ja-mut"}`}>{scalar(value)}</span>;
}
