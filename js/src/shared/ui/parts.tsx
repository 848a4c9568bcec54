import { useEffect, useState } from "preact/hooks";
import { visible } from "../format";
import { Text } from "./Text";

/** Addresses of pictures that lie one after the other in a blob. */
export function useParts(blob: Blob | null, lengths: readonly number[]): readonly string[] {
  const [urls, setUrls] = useState<readonly string[]>([]);
  useEffect(() => {
    if (blob === null) return;
    let at = 0;
    const made = lengths.map((length) => {
      const part = blob.slice(at, at + length, "image/png");
      at += length;
      return URL.createObjectURL(part);
    });
    setUrls(made);
    return () => made.forEach(URL.revokeObjectURL);
  }, [blob]);
  return urls;
}

/** A table's cell; where it stands for a picture that came along, that picture, its text as alt and on hover. */
export function Cell({ value, limit, url }: { value: string; limit: number; url: string | undefined }) {
  if (url === undefined) return <Text value={value} limit={limit} whole />;
  const said = visible(value, limit);
  return <img class="ja-cell-picture" src={url} alt={said} title={said} />;
}
