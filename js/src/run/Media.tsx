import { useEffect, useState } from "preact/hooks";
import { visible } from "../shared/format";
import { useHost } from "../shared/panel";
import { askPicture, type Picture } from "../shared/pictures";
import type { RunFacts } from "../shared/protocol.gen";
import { isCancelled } from "../shared/rpc";
import { Empty, Notice } from "../shared/ui/Notice";
import { Text } from "../shared/ui/Text";
import { say } from "../shared/words";

/** The pictures that a run logged: a key a row, a slider over its steps. */
export function Media({ runs }: { runs: readonly RunFacts[] }) {
  const rows = runs.flatMap((run) => run.media.map((media) => ({ run, media })));
  if (rows.length === 0) return <Empty>{say("No pictures were logged")}</Empty>;
  return (
    <div class="ja-media">
      {rows.map(({ run, media }) => (
        <Steps
          key={`${run.id}\n${media.key}`}
          run={run.id}
          name={media.key}
          of={runs.length > 1 ? run.name : ""}
          steps={media.steps}
        />
      ))}
    </div>
  );
}

interface StepsProps {
  run: string;
  name: string;
  of: string;
  steps: readonly number[];
}

function Steps({ run, name, of, steps }: StepsProps) {
  const last = steps.length - 1;
  const [chosen, choose] = useState<number | null>(null);
  // Who has not moved the slider follows the run.
  const at = Math.min(chosen ?? last, last);
  const step = steps[at] as number;
  const { page, url, error } = usePictures(run, name, step);
  return (
    <section class="ja-media-row">
      <h4 class="ja-heading">
        <Text value={name} limit={120} />{" "}
        {of !== "" && (
          <span class="ja-mut">
            <Text value={of} limit={60} />
          </span>
        )}
      </h4>
      <label class="ja-check">
        {say("Step")}
        <input
          type="range"
          min={0}
          max={last}
          value={at}
          disabled={last === 0}
          aria-valuetext={say("step {n}", { n: step })}
          onInput={(event) => choose(Number(event.currentTarget.value))}
        />
        <output class="ja-num">{step}</output>
      </label>
      {error !== "" && <Notice kind="error">{error}</Notice>}
      {page && url !== "" && (
        <ul class="ja-pictures">
          {Array.from({ length: page.result.count }, (_, i) => (
            <li key={i}>
              <Tile picture={page} url={url} index={i} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const SIDE = 96;

function Tile({ picture, url, index }: { picture: Picture<"media.get">; url: string; index: number }) {
  const { width, height, columns, count, captions } = picture.result;
  const zoom = SIDE / Math.max(width, height);
  const caption = captions[index] ?? "";
  const style = {
    width: `${width * zoom}px`,
    height: `${height * zoom}px`,
    backgroundImage: `url(${url})`,
    backgroundSize: `${columns * width * zoom}px ${Math.ceil(count / columns) * height * zoom}px`,
    backgroundPosition: `${-(index % columns) * width * zoom}px ${-Math.floor(index / columns) * height * zoom}px`,
  };
  return (
    <figure>
      <div
        role="img"
        aria-label={visible(caption, 200) || say("picture {n}", { n: index + 1 })}
        class="ja-picture"
        style={style}
      />
      {caption !== "" && (
        <figcaption class="ja-cut">
          <Text value={caption} limit={80} whole />
        </figcaption>
      )}
    </figure>
  );
}

function usePictures(run: string, key: string, step: number) {
  const { rpc, live } = useHost();
  const [shown, show] = useState<{ page: Picture<"media.get"> | null; url: string; error: string }>({
    page: null,
    url: "",
    error: "",
  });
  useEffect(() => {
    if (!live) return;
    const abort = new AbortController();
    let url = "";
    askPicture(rpc, "media.get", { id: `run:${run}`, key, step }, { signal: abort.signal }).then(
      (page) => {
        if (abort.signal.aborted) return;
        url = URL.createObjectURL(page.blob);
        show({ page, url, error: "" });
      },
      (error: Error) => {
        if (!isCancelled(error)) show({ page: null, url: "", error: error.message });
      },
    );
    return () => {
      abort.abort();
      if (url !== "") URL.revokeObjectURL(url);
    };
  }, [rpc, live, run, key, step]);
  return shown;
}
