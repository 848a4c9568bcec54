// What a panel's first drawing does not need: it comes in a chunk of its own, when the page rests or when it is wanted.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useHost } from "./panel";
import { Empty, Notice } from "./ui/Notice";
import { say } from "./words";

/** The pieces of one view. */
export class Pieces {
  /** Their module, once it is here. */
  module: unknown = null;
  failed = false;
  readonly #bring: () => Promise<unknown>;
  #coming: Promise<void> | null = null;

  constructor(bring: () => Promise<unknown>) {
    this.#bring = bring;
  }

  /** Brings the module; one that could not come is asked for again at the next call. Never rejects. */
  load(): Promise<void> {
    this.#coming ??= this.#bring().then(
      (module) => {
        this.module = module;
        this.failed = false;
      },
      (error: unknown) => {
        console.warn("jupyter_artifacts: a part of a panel could not be loaded", error);
        this.failed = true;
        this.#coming = null;
      },
    );
    return this.#coming;
  }
}

/**
 * A component of the pieces: `piece((from: typeof import("./pieces")) => from.Side)`.
 * `Before` stands in its place until it is here.
 */
export function piece<M, P extends object>(
  pick: (from: M) => ComponentType<P>,
  Before: ComponentType<P> = Waiting,
): ComponentType<P> {
  return (props: P) => {
    const { pieces, live } = useHost();
    const [, draw] = useState(0);
    useEffect(() => {
      if (pieces.module !== null) return;
      let here = true;
      void pieces.load().then(() => here && draw((times) => times + 1));
      return () => {
        here = false;
      };
      // Once the kernel answers again, it is asked again.
    }, [pieces, live]);
    const Part = pieces.module === null ? Before : pick(pieces.module as M);
    return <Part {...props} />;
  };
}

function Waiting() {
  const { pieces, live } = useHost();
  return live && !pieces.failed ? (
    <Empty>{say("Loading…")}</Empty>
  ) : (
    <Notice kind="warn">
      {say("This part of the panel comes from the kernel, which does not answer. Run the cell again.")}
    </Notice>
  );
}
