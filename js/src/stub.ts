// What every widget carries in place of its module: it finds the chunks that one hidden widget each carries for
// all panels of a kernel, and evaluates each once a page. Where they cannot be reached, the kernel is asked.

import { PROTOCOL_VERSION } from "./shared/protocol.gen";

/** A chunk's widget, or the kernel's answer. */
interface Chunk {
  get(name: string): string;
}

interface Model {
  get(name: "code"): [hash: string, id: string][];
  send(message: unknown): void;
  // biome-ignore lint/suspicious/noExplicitAny: a message is whatever the comm carries
  on(event: string, hear: (message: any) => void): void;
  // biome-ignore lint/suspicious/noExplicitAny: a message is whatever the comm carries
  off(event: string, hear: (message: any) => void): void;
  widget_manager: { get_model(id: string): Promise<Chunk | undefined> };
}

interface Given {
  model: Model;
  signal?: AbortSignal;
}

interface Widget {
  initialize(given: unknown): () => void;
  render(given: unknown): () => void;
}

type Loaded = [widget: Widget, chunks: Chunk[]];

const page = globalThis as { jaCode?: Record<string, string> };
page.jaCode ??= {};
/** The address of each chunk by its hash: several versions live side by side. */
const urls = page.jaCode;

const rest = (ms: number) => new Promise<undefined>((resolve) => setTimeout(resolve, ms));

async function find(model: Model, [hash, id]: [string, string]): Promise<Chunk> {
  // After a reload the widgets come in any order.
  for (let turn = 0; id && turn < 40; turn++) {
    try {
      const found = await Promise.race([model.widget_manager.get_model(id), rest(2000)]);
      if (found) return found;
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

async function load({ model }: Given): Promise<Loaded> {
  const code = model.get("code");
  const chunks = await Promise.all(code.map((each) => find(model, each)));
  let url = "";
  chunks.forEach((chunk, i) => {
    const hash = (code[i] as [string, string])[0];
    const text = chunk.get("js").replaceAll("ja:shared", url);
    url = urls[hash] ??= URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  });
  return [(await import(url)).default(), chunks];
}

export default () => {
  let loaded: Promise<Loaded> | undefined;
  return {
    // It does not wait: anywidget gives up a model that is not ready after 2 s.
    initialize(given: Given) {
      loaded = load(given);
      const open = loaded.then(([widget, chunks]) => widget.initialize({ ...given, chunks }));
      return () => open.then((close) => close());
    },
    async render(given: Given) {
      loaded ??= load(given);
      const [widget, chunks] = await loaded;
      if (given.signal?.aborted) return;
      return widget.render({ ...given, chunks });
    },
  };
};
