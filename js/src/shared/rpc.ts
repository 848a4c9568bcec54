// Requests to the kernel and their answers. One pump a model: two views of it each get their own answers.

import type { PanelModel } from "./model";
import {
  type Cancel,
  type ErrorCode,
  type JsonObject,
  type Method,
  type Methods,
  PROTOCOL_VERSION,
  type Request,
} from "./protocol.gen";
import { language, say } from "./words";

/** An answer's facts, and its picture where it has one. */
export interface Reply<M extends Method> {
  result: Methods[M]["result"];
  buffer: DataView | null;
}

export interface CallOptions {
  /** Aborting it takes the request back; the call then rejects with code "cancelled". */
  signal?: AbortSignal | undefined;
}

/** Why a call failed: the kernel's code, or one of the page's own ("timeout": given up by `retry`). */
export type RpcCode = ErrorCode | "timeout" | "closed" | "malformed";

export class RpcError extends Error {
  override readonly name = "RpcError";
  constructor(
    readonly code: RpcCode,
    message: string,
  ) {
    super(message);
  }
}

/** "busy", then "silent": a request waits for its answer. It ends with the next message from the kernel. */
export type KernelState = "unknown" | "live" | "busy" | "silent";

export const BUSY_MS = 2000;
export const SILENT_MS = 30_000;

interface Pending {
  resolve(reply: Reply<Method>): void;
  reject(error: RpcError): void;
}

type SendingModel = Pick<PanelModel, "send" | "on" | "off" | "still">;

/** Tells a cancelled call from a failed one. */
export function isCancelled(error: unknown): boolean {
  return error instanceof RpcError && error.code === "cancelled";
}

/** Returns what to show of an error. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export class Rpc {
  /** What the kernel last did. */
  state: KernelState = "unknown";
  /** False once a picture came neither as buffer nor as text: then pictures are asked for as base64. */
  buffers = true;

  readonly #model: SendingModel;
  readonly #pending = new Map<string, Pending>();
  readonly #changed = new Set<(revision: number) => void>();
  readonly #pushed = new Set<(message: Record<string, unknown>) => void>();
  readonly #states = new Set<(state: KernelState) => void>();
  readonly #prefix = Math.random().toString(36).slice(2, 8);
  #next = 1;
  #closed = false;

  constructor(model: SendingModel) {
    this.#model = model;
    if (model.still) this.state = "silent";
    model.on("msg:custom", this.#receive);
  }

  /** Asks the kernel and waits, however busy it is; rejects with RpcError and with nothing else. */
  call<M extends Method>(
    method: M,
    params: Methods[M]["params"],
    options: CallOptions = {},
  ): Promise<Reply<M>> {
    const { signal } = options;
    if (this.#closed) return Promise.reject(new RpcError("closed", say("The panel is closed.")));
    if (signal?.aborted) return Promise.reject(cancelled());
    const id = `${this.#prefix}-${this.#next++}`;
    return new Promise<Reply<Method>>((resolve, reject) => {
      const onAbort = () => {
        this.#post({ v: PROTOCOL_VERSION, kind: "cancel", id });
        settle(() => reject(cancelled()));
      };
      const timers = [
        setTimeout(() => this.state !== "silent" && this.#setState("busy"), BUSY_MS),
        setTimeout(() => this.#setState("silent"), SILENT_MS),
      ];
      const settle = (how: () => void) => {
        timers.forEach(clearTimeout);
        signal?.removeEventListener("abort", onAbort);
        this.#pending.delete(id);
        how();
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#pending.set(id, {
        resolve: (reply) => settle(() => resolve(reply)),
        reject: (error) => settle(() => reject(error)),
      });
      const lang = language();
      const asked = params as unknown as JsonObject;
      if (!this.#post({ v: PROTOCOL_VERSION, kind: "req", id, lang, method, params: asked })) {
        this.#setState("silent");
        settle(() => reject(new RpcError("closed", say("The kernel is not running."))));
      }
    }) as Promise<Reply<M>>;
  }

  /** Calls back when the store has a newer revision. Returns how to stop it. */
  onChanged(callback: (revision: number) => void): () => void {
    this.#changed.add(callback);
    return () => this.#changed.delete(callback);
  }

  /** Calls back with what the kernel sends unasked while a run grows. Returns how to stop it. */
  onPush(callback: (message: Record<string, unknown>) => void): () => void {
    this.#pushed.add(callback);
    return () => this.#pushed.delete(callback);
  }

  /** Calls back when `state` changes. Returns how to stop it. */
  onState(callback: (state: KernelState) => void): () => void {
    this.#states.add(callback);
    return () => this.#states.delete(callback);
  }

  /** Hopes anew after a silence: gives up what is open, and panels ask again for what they lack. */
  retry(): void {
    if (this.state !== "silent") return;
    this.#giveUp(new RpcError("timeout", say("The kernel did not answer: it is busy or not running.")));
    this.#setState("unknown");
  }

  /** Rejects what is open and listens no more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#model.off("msg:custom", this.#receive);
    this.#giveUp(new RpcError("closed", say("The panel is closed.")));
    this.#changed.clear();
    this.#pushed.clear();
    this.#states.clear();
  }

  #giveUp(error: RpcError): void {
    for (const pending of [...this.#pending.values()]) pending.reject(error);
  }

  #post(message: Request | Cancel): boolean {
    try {
      this.#model.send(message);
      return true;
    } catch {
      // A host whose connection is gone throws here; what it throws is not ours to show.
      return false;
    }
  }

  #setState(state: KernelState): void {
    if (state === this.state) return;
    this.state = state;
    for (const callback of this.#states) callback(state);
  }

  // A message is whatever the comm carries: everything is looked at before it is used.
  readonly #receive = (message?: unknown, buffers?: DataView[]): void => {
    if (!isRecord(message) || message.v !== PROTOCOL_VERSION) return;
    if (message.kind === "changed" && typeof message.revision === "number") {
      this.#setState("live");
      for (const callback of this.#changed) callback(message.revision);
      return;
    }
    if (message.kind === "grown") {
      this.#setState("live");
      for (const callback of this.#pushed) callback(message);
      return;
    }
    if (message.kind !== "res" || typeof message.id !== "string") return;
    this.#setState("live");
    const pending = this.#pending.get(message.id);
    if (pending === undefined) return;
    if (message.ok === true && isRecord(message.result)) {
      const result = message.result as unknown as Methods[Method]["result"];
      pending.resolve({ result, buffer: buffers?.[0] ?? null });
    } else {
      pending.reject(readError(message.error));
    }
  };
}

function cancelled(): RpcError {
  return new RpcError("cancelled", say("The request was taken back."));
}

function readError(error: unknown): RpcError {
  if (isRecord(error) && typeof error.code === "string" && typeof error.message === "string") {
    return new RpcError(error.code as ErrorCode, error.message);
  }
  return new RpcError("malformed", say("The kernel's answer could not be read."));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
