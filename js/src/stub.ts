// What every widget carries in place of its module: it finds the chunks that one hidden widget each carries for
// all panels of a kernel, and evaluates each once a page. Where they cannot be reached, the kernel is asked.

import { PROTOCOL_VERSION } from "./shared/protocol.gen";

/** A chunk's widget, or the kernel's answer. */
interface Chunk {
  get(name: string): string;
  // biome-ignore lint/suspicious/noExplicitAny: an event's name and whoever hears it
  on?(...given: any[]): void;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  off?(...given: any[]): void;
}

type Carrier = Required<Chunk> & { jaTexts?: Promise<Record<string, string>> };

interface Model {
  get(name: "code"): [hash: string, id: string, later?: string][];
  send(message: unknown): void;
  // biome-ignore lint/suspicious/noExplicitAny: a message is whatever the comm carries
  on(event: string, hear: (message: any) => void): void;
  // biome-ignore lint/suspicious/noExplicitAny: a message is whatever the comm carries
  off(event: string, hear: (message: any) => void): void;
  widget_manager: { get_model(id: string): Promise<Carrier | undefined> };
}

interface Given {
  model: Model;
  signal?: AbortSignal;
}

interface Widget {
  initialize(given: unknown): () => void;
  render(given: unknown): () => void;
}

type Loaded<M> = [module: M, chunks: Chunk[]];

const page = globalThis as { jaCode?: Record<string, string> };
page.jaCode ??= {};
/** The address of each chunk by its hash: several versions live side by side. */
const urls = page.jaCode;

const rest = (ms: number) => new Promise<undefined>((resolve) => setTimeout(resolve, ms));

/** A carrier's texts come compressed, as text: some hosts drop buffers. */
function inflate(packed: string): Promise<Record<string, string>> {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}

/** Once for all panels of the page. */
async function unpack(from: Carrier): Promise<Chunk> {
  from.jaTexts ??= inflate(from.get("packed"));
  const texts = await from.jaTexts;
  return {
    get: (name) => from.get(name) ?? (texts[name] as string),
    on: (...given) => from.on(...given),
    off: (...given) => from.off(...given),
  };
}

async function find(model: Model, [hash, id]: [string, string, string?]): Promise<Chunk> {
  // After a reload the widgets come in any order.
  for (let turn = 0; id && turn < 40; turn++) {
    try {
      const found = await Promise.race([model.widget_manager.get_model(id), rest(2000)]);
      if (found) return await unpack(found);
    } catch {}
    await rest(50);
  }
  return new Promise((resolve, reject) => {
    // biome-ignore lint/suspicious/noExplicitAny: as above
    const hear = ({ id, result, error }: any) => {
      if (id !== hash) return;
      model.off("msg:custom", hear);
      result ? resolve({ get: (name) => result[name] }) : reject(Error(error.message));
    };
    model.on("msg:custom", hear);
    model.send({ v: PROTOCOL_VERSION, kind: "req", id: hash, method: "code.get", params: { hash } });
  });
}

/** The last module of the chunks that are wanted `now`, or of the others. */
async function load(model: Model, now: boolean) {
  const code = model.get("code");
  const mine = code.filter(([, , later]) => !later === now);
  const chunks = await Promise.all(mine.map((each) => find(model, each)));
  let url = "";
  mine.forEach(([hash], i) => {
    const text = () => chunks[i]!.get("js").replace(/ja:(\d)/g, (_, at) => urls[code[at]![0]]!);
    url = urls[hash] ??= URL.createObjectURL(new Blob([text()], { type: "text/javascript" }));
  });
  return [await import(url), chunks];
}

export default () => {
  let loaded: Promise<Loaded<Widget>> | undefined;
  const first = async ({ model }: Given): Promise<Loaded<Widget>> => {
    const [module, chunks] = (await load(model, true)) as Loaded<{ default(): Widget }>;
    return [module.default(), chunks];
  };
  return {
    // It does not wait: anywidget gives up a model that is not ready after 2 s.
    initialize(given: Given) {
      loaded = first(given);
      const open = loaded.then(([widget, chunks]) => widget.initialize({ ...given, chunks }));
      return () => open.then((close) => close());
    },
    async render(given: Given) {
      loaded ??= first(given);
      const [widget, chunks] = await loaded;
      if (given.signal?.aborted) return;
      return widget.render({ ...given, chunks, later: () => load(given.model, false) });
    },
  };
};
