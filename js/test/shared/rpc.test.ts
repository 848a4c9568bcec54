import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeModel, type Scene } from "../../dev/fake-model";
import { tableKernel } from "../../dev/fixtures/table";
import { askPicture } from "../../src/shared/pictures";
import type { ToPage } from "../../src/shared/protocol.gen";
import { isCancelled, Rpc, RpcError } from "../../src/shared/rpc";

const PARAMS = { id: 7 };

function make(scene: Partial<Scene<"table">> = {}) {
  const model = new FakeModel("table", { kernel: tableKernel(20), ...scene } as Scene<"table">);
  return { model, rpc: new Rpc(model) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const failure = async (call: Promise<unknown>): Promise<RpcError> => {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(RpcError);
  return error as RpcError;
};

describe("a call", () => {
  it("is answered", async () => {
    const { model, rpc } = make();
    const call = rpc.call("artifact.get", PARAMS);
    await vi.runAllTimersAsync();
    expect((await call).result.row.id).toBe(7);
    expect(model.sent).toMatchObject([{ v: 1, kind: "req", method: "artifact.get", params: PARAMS }]);
    expect(rpc.state).toBe("live");
  });

  it("is answered by its id, in any order", async () => {
    const { model, rpc } = make();
    model.alive = false;
    const calls = [rpc.call("artifact.get", { id: 1 }), rpc.call("artifact.get", { id: 2 })];
    const ids = model.sent.map((message) => message.id);
    expect(new Set(ids).size).toBe(2);
    model.post({ v: 1, kind: "res", id: ids[1] as string, ok: true, result: { it: 2 }, error: null });
    model.post({ v: 1, kind: "res", id: ids[0] as string, ok: true, result: { it: 1 }, error: null });
    expect((await Promise.all(calls)).map((reply) => reply.result)).toEqual([{ it: 1 }, { it: 2 }]);
  });

  it("gives each of two pumps on one model its own answers", async () => {
    const { model, rpc } = make();
    const other = new Rpc(model);
    const calls = [rpc.call("artifact.get", { id: 1 }), other.call("artifact.get", { id: 2 })];
    await vi.runAllTimersAsync();
    expect((await Promise.all(calls)).map((reply) => reply.result.row.id)).toEqual([1, 2]);
  });

  it("rejects with the kernel's code", async () => {
    const { rpc } = make({ kernel: {} });
    const call = failure(rpc.call("artifact.get", PARAMS));
    await vi.runAllTimersAsync();
    expect((await call).code).toBe("not-found");
  });

  it("says that the kernel is busy, then that it is silent, and goes on when it answers", async () => {
    const { model, rpc } = make();
    const states: string[] = [];
    rpc.onState((state) => states.push(state));
    model.alive = false;
    const call = rpc.call("artifact.get", PARAMS);
    await vi.advanceTimersByTimeAsync(1999);
    expect(states).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(states).toEqual(["busy"]);
    await vi.advanceTimersByTimeAsync(28_000);
    expect(states).toEqual(["busy", "silent"]);
    await vi.advanceTimersByTimeAsync(600_000);
    model.post({ v: 1, kind: "res", id: model.sent[0]?.id ?? "", ok: true, result: { it: 1 }, error: null });
    expect((await call).result).toEqual({ it: 1 });
    expect(states).toEqual(["busy", "silent", "live"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("stays silent for those who ask later, and is given up when one tries again", async () => {
    const { model, rpc } = make();
    model.alive = false;
    const first = failure(rpc.call("artifact.get", PARAMS));
    await vi.advanceTimersByTimeAsync(30_000);
    const second = failure(rpc.call("artifact.get", PARAMS));
    await vi.advanceTimersByTimeAsync(2000);
    expect(rpc.state).toBe("silent");
    rpc.retry();
    expect([(await first).code, (await second).code]).toEqual(["timeout", "timeout"]);
    expect(rpc.state).toBe("unknown");
    // The late answer has nobody waiting, but it shows that the kernel is there.
    model.post({ v: 1, kind: "res", id: model.sent[0]?.id ?? "", ok: true, result: {}, error: null });
    expect(rpc.state).toBe("live");
  });

  it("is taken back by its signal", async () => {
    const { model, rpc } = make();
    const abort = new AbortController();
    const call = failure(rpc.call("artifact.get", PARAMS, { signal: abort.signal }));
    abort.abort();
    expect(isCancelled(await call)).toBe(true);
    expect(model.sent.map((message) => message.kind)).toEqual(["req", "cancel"]);
    expect(model.sent[1]?.id).toBe(model.sent[0]?.id);
    await vi.runAllTimersAsync();
    expect(rpc.state).toBe("live"); // the answer came all the same, and was dropped
  });

  it("is not sent when its signal was aborted before", async () => {
    const { model, rpc } = make();
    expect((await failure(rpc.call("artifact.get", PARAMS, { signal: AbortSignal.abort() }))).code).toBe(
      "cancelled",
    );
    expect(model.sent).toEqual([]);
  });

  it("fails at once where the host cannot send", async () => {
    const { model, rpc } = make();
    model.send = () => {
      throw new Error("no comm");
    };
    expect((await failure(rpc.call("artifact.get", PARAMS))).code).toBe("closed");
    expect(rpc.state).toBe("silent");
    rpc.retry();
    expect(rpc.state).toBe("unknown");
  });

  it("fails when the pump is closed, before or after", async () => {
    const { model, rpc } = make();
    const open = failure(rpc.call("artifact.get", PARAMS));
    rpc.close();
    expect((await open).code).toBe("closed");
    expect((await failure(rpc.call("artifact.get", PARAMS))).code).toBe("closed");
    expect(model.listening("msg:custom")).toBe(0);
  });

  it("leaves no timer behind", async () => {
    const { rpc } = make();
    const call = rpc.call("artifact.get", PARAMS);
    await vi.advanceTimersByTimeAsync(1);
    await call;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("messages that are none", () => {
  it.each([
    null,
    undefined,
    "text",
    42,
    [],
    {},
    { v: 1 },
    { v: 2, kind: "changed", revision: 3 },
    { v: 1, kind: "changed", revision: "3" },
    { v: 1, kind: "res" },
    { v: 1, kind: "res", id: 7, ok: true, result: {} },
    { v: 1, kind: "res", id: "nobody", ok: true, result: {} },
    { v: 1, kind: "res", id: "__proto__", ok: false, error: null },
  ])("%j does nothing", (message) => {
    const { model, rpc } = make();
    const changed = vi.fn();
    rpc.onChanged(changed);
    expect(() => model.post(message as unknown as ToPage)).not.toThrow();
    expect(changed).not.toHaveBeenCalled();
  });

  it.each([
    { ok: true, result: null },
    { ok: true, result: [] },
    { ok: false, error: null },
    { ok: false, error: { code: 7, message: "x" } },
    {},
  ])("%j as an answer is an error, not a hang", async (answer) => {
    const { model, rpc } = make();
    model.alive = false;
    const call = failure(rpc.call("artifact.get", PARAMS));
    model.post({ v: 1, kind: "res", id: model.sent[0]?.id ?? "", ...answer } as unknown as ToPage);
    expect((await call).code).toBe("malformed");
  });
});

it("tells of a newer revision until it is told to stop", () => {
  const { model, rpc } = make();
  const heard: number[] = [];
  const stop = rpc.onChanged((revision) => heard.push(revision));
  model.post({ v: 1, kind: "changed", revision: 8 });
  stop();
  model.post({ v: 1, kind: "changed", revision: 9 });
  expect(heard).toEqual([8]);
});

describe("pictures", () => {
  const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
  const page = { page: 0, count: 1, columns: 1, png: "" };
  const kernel = {
    "tiles.page": ({ buffers }: { buffers: boolean }) =>
      buffers ? { result: page, buffer: PNG.buffer } : { ...page, png: btoa(String.fromCharCode(...PNG)) },
  };
  const bytes = async (blob: Blob) => [...new Uint8Array(await blob.arrayBuffer())];

  it("come as buffers", async () => {
    const { model, rpc } = make({ kernel });
    const asked = askPicture(rpc, "tiles.page", { tiles: [0] });
    await vi.runAllTimersAsync();
    expect(await bytes((await asked).blob)).toEqual([...PNG]);
    expect(model.sent).toHaveLength(1);
  });

  it("come as text where the host drops buffers, which is remembered", async () => {
    const { model, rpc } = make({ kernel, dropBuffers: true });
    const asked = askPicture(rpc, "tiles.page", { tiles: [0] });
    await vi.runAllTimersAsync();
    expect(await bytes((await asked).blob)).toEqual([...PNG]);
    expect(model.sent).toHaveLength(2);
    const again = askPicture(rpc, "tiles.page", { tiles: [0] });
    await vi.runAllTimersAsync();
    await again;
    expect(model.sent.map((each) => (each.kind === "req" ? each.params.buffers : null))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("fail when they come neither way", async () => {
    const { rpc } = make({ kernel: { "tiles.page": () => page } });
    const asked = failure(askPicture(rpc, "tiles.page", { tiles: [0] }));
    await vi.runAllTimersAsync();
    expect((await asked).code).toBe("malformed");
    expect(rpc.buffers).toBe(true);
  });

  it("fail when the text is not base64", async () => {
    const { rpc } = make({ kernel: { "tiles.page": () => ({ ...page, png: "<svg>" }) } });
    const asked = failure(askPicture(rpc, "tiles.page", { tiles: [0] }));
    await vi.runAllTimersAsync();
    expect((await asked).code).toBe("malformed");
  });
});
