// Pictures from the kernel: as a buffer where the host carries buffers, else as base64 text.

import type { ExampleParams, MediaParams, Methods, TilesParams } from "./protocol.gen";
import { type CallOptions, type Rpc, RpcError } from "./rpc";
import { say } from "./words";

type PictureMethod = "tiles.page" | "example.get" | "media.get";
interface PictureParams {
  "tiles.page": Omit<TilesParams, "buffers">;
  "example.get": Omit<ExampleParams, "buffers">;
  "media.get": Omit<MediaParams, "buffers">;
}

/** An answer with its PNG, ready for URL.createObjectURL. */
export interface Picture<M extends PictureMethod> {
  result: Methods[M]["result"];
  blob: Blob;
}

/**
 * Asks for a picture. Where an answer has neither buffer nor text (a host that drops buffers),
 * asks once more for text, and from then on for text at once.
 */
export async function askPicture<M extends PictureMethod>(
  rpc: Rpc,
  method: M,
  params: PictureParams[M],
  options: CallOptions = {},
): Promise<Picture<M>> {
  const asked = rpc.buffers;
  const first = await ask(rpc, method, params, asked, options);
  if (first.blob) return { result: first.result, blob: first.blob };
  if (asked) {
    const second = await ask(rpc, method, params, false, options);
    if (second.blob) {
      rpc.buffers = false;
      return { result: second.result, blob: second.blob };
    }
  }
  throw new RpcError("malformed", say("The kernel answered without a picture."));
}

async function ask<M extends PictureMethod>(
  rpc: Rpc,
  method: M,
  params: PictureParams[M],
  buffers: boolean,
  options: CallOptions,
): Promise<{ result: Methods[M]["result"]; blob: Blob | null }> {
  const all = { ...params, buffers } as unknown as Methods[M]["params"];
  const { result, buffer } = await rpc.call(method, all, options);
  // A host may hand over an ArrayBuffer where a DataView is promised; a Blob takes either.
  if (buffer && buffer.byteLength > 0) {
    return { result, blob: new Blob([buffer as DataView<ArrayBuffer>], { type: "image/png" }) };
  }
  const { png } = result as { png?: unknown };
  return { result, blob: typeof png === "string" && png !== "" ? pngBlob(png) : null };
}

/** Turns base64 text into a PNG blob; null where it is not base64. */
export function pngBlob(base64: string): Blob | null {
  try {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return new Blob([bytes], { type: "image/png" });
  } catch {
    return null;
  }
}
