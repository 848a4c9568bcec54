// Long layouts beside the page's own work: in a worker; where workers are forbidden, in short turns.

import { engine } from "./engine";
import type { Earlier, Edge, Layout } from "./layout";

export type Given = readonly [
  count: number,
  edges: readonly Edge[],
  earlier: Earlier | undefined,
  down: boolean,
];

/** Whether this page has refused a worker: strict policies do (VS Code, Colab). */
let refused = typeof Worker === "undefined";

/** Lay out without stopping the page. Rejects where `signal` aborts, and ends the work. */
export async function layoutLater(given: Given, signal: AbortSignal): Promise<Layout> {
  if (!refused) {
    try {
      return await inWorker(given, signal);
    } catch (error) {
      signal.throwIfAborted();
      console.info("jupyter_artifacts: no worker here, the layout takes turns with the page", error);
      refused = true;
    }
  }
  return inTurns(given, signal);
}

function inWorker(given: Given, signal: AbortSignal): Promise<Layout> {
  const script = `postMessage(0);const e=(${engine})();onmessage=({data})=>postMessage(e.layout(...data))`;
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  return new Promise<Layout>((resolve, reject) => {
    const worker = new Worker(url);
    // A policy may also keep it from ever starting, without a word.
    const silence = setTimeout(() => reject(new Error("the worker does not start")), START_MS);
    const end = () => {
      clearTimeout(silence);
      worker.terminate();
      URL.revokeObjectURL(url);
    };
    worker.onmessage = ({ data }: MessageEvent<Layout | 0>) => {
      clearTimeout(silence);
      if (data === 0) return;
      end();
      resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      end();
      reject(new Error(event.message || "refused"));
    };
    signal.addEventListener("abort", () => {
      end();
      reject(signal.reason);
    });
    worker.postMessage(given);
  });
}

async function inTurns(given: Given, signal: AbortSignal): Promise<Layout> {
  const work = engine().layoutSteps(...given);
  for (;;) {
    const turn = performance.now() + TURN_MS;
    do {
      const { done, value } = work.next();
      if (done) return value;
    } while (performance.now() < turn);
    await new Promise((next) => setTimeout(next));
    signal.throwIfAborted();
  }
}

const START_MS = 3000;
const TURN_MS = 8;
