// Around every panel: traits to props, the theme, the kernel's silence, and errors as a card.

import { Component, type ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PanelDefinition } from "./definePanel";
import { visible } from "./format";
import type { PanelModel } from "./model";
import { type Host, HostContext } from "./panel";
import type { Pieces } from "./pieces";
import { type PanelKind, PROTOCOL_VERSION, type Snapshots, type Views } from "./protocol.gen";
import { errorText, type KernelState, type Rpc } from "./rpc";
import { looksOf, themeOf, watchTheme } from "./theme";
import { Button } from "./ui/Button";
import { Notice } from "./ui/Notice";
import { onWords, say } from "./words";

interface FrameProps<K extends PanelKind> {
  definition: PanelDefinition<K>;
  model: PanelModel<K>;
  rpc: Rpc;
  root: HTMLElement;
  pieces: Pieces;
  signal: AbortSignal;
}

// Dragging and zooming change the view many times a second; Python hears of the last.
const SAVE_MS = 60;

export function Frame<K extends PanelKind>({ definition, model, rpc, root, pieces, signal }: FrameProps<K>) {
  const [snapshot, view, setView] = useTraits(definition, model, signal);
  const looks = useLooks(root, model, signal);
  const kernel = useKernel(rpc);
  const [said, announce] = useAnnounced();
  const words = useWords(definition.kind);
  const live = kernel !== "silent";
  const state = kernelText(kernel);
  const heard = useRef(state);
  useEffect(() => {
    const before = heard.current;
    heard.current = state;
    if (before !== state && !model.still) announce(state || say("The kernel answers again"));
  }, [state]);
  const host = useMemo<Host>(
    () => ({ root, panelId: model.get("panel_id"), signal, rpc, live, pieces, announce }),
    [root, model, signal, rpc, live, pieces],
  );
  return (
    <HostContext.Provider value={host}>
      <Guard key={words} retry={snapshot}>
        {draw()}
      </Guard>
      {kernel === "busy" && <Notice>{state}</Notice>}
      {!live && model.still && (
        <Notice>{say("As saved in the notebook. Run the cell for a live panel.")}</Notice>
      )}
      {!live && !model.still && (
        <Notice kind="warn">
          {state} <Button onClick={() => rpc.retry()}>{say("Try again")}</Button>
        </Notice>
      )}
      <div class="ja-sr" role="status" aria-live="polite">
        <span key={said.times}>{visible(said.text)}</span>
      </div>
    </HostContext.Provider>
  );

  function draw() {
    if (model.get("protocol") !== PROTOCOL_VERSION) {
      return (
        <Failed message={say("This panel and the kernel are of different versions. Run the cell again.")} />
      );
    }
    if (!isRecord(snapshot)) return <Failed message={say("This panel has no data. Run the cell again.")} />;
    const Panel = definition.component;
    return <Panel snapshot={snapshot} view={view} setView={setView} rpc={rpc} looks={looks} host={host} />;
  }
}

/** What is said, and how to say it: what comes at once is one text, and what is said twice is heard twice. */
function useAnnounced() {
  const [said, show] = useState({ text: "", times: 0 });
  const waiting = useRef<string[]>([]);
  const announce = (text: string) => {
    if (waiting.current.push(text) > 1) return;
    queueMicrotask(() => {
      const all = waiting.current.splice(0).join(". ");
      show(({ times }) => ({ text: all, times: times + 1 }));
    });
  };
  return [said, useMemo(() => announce, [])] as const;
}

/** What there is to say of the kernel; empty while it answers. */
function kernelText(state: KernelState): string {
  if (state === "busy") return say("The kernel is busy: this goes on when it answers.");
  if (state === "silent")
    return say("The kernel has been busy for long, or is not running. This is the last known state.");
  return "";
}

function useTraits<K extends PanelKind>(
  definition: PanelDefinition<K>,
  model: PanelModel<K>,
  signal: AbortSignal,
) {
  const read = (): Views[K] => {
    const view: unknown = model.get("view");
    return isRecord(view) ? { ...definition.view, ...view } : definition.view;
  };
  const [snapshot, setSnapshot] = useState<Snapshots[K]>(() => model.get("snapshot"));
  const [view, show] = useState<Views[K]>(read);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  useEffect(() => {
    const onSnapshot = () => setSnapshot(model.get("snapshot"));
    const onView = () => show(read());
    model.on("change:snapshot", onSnapshot);
    model.on("change:view", onView);
    // What changed between the first drawing and now.
    onSnapshot();
    onView();
    return () => {
      model.off("change:snapshot", onSnapshot);
      model.off("change:view", onView);
      if (timer.current !== null) {
        clearTimeout(timer.current);
        model.save_changes();
      }
    };
  }, [model]);

  const setView = useMemo(
    () => (part: Partial<Views[K]>) => {
      if (signal.aborted) return;
      const next = { ...read(), ...part };
      model.set("view", next);
      show(next);
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        timer.current = null;
        model.save_changes();
      }, SAVE_MS);
    },
    [model],
  );
  return [snapshot, view, setView] as const;
}

/** Sets the theme that the kernel asks for, else the page's, on the root before anything draws in it; gives its looks. */
function useLooks<K extends PanelKind>(root: HTMLElement, model: PanelModel<K>, signal: AbortSignal): string {
  const dress = () => {
    const page = themeOf(root);
    const wanted = model.get("theme");
    const theme = wanted === "light" || wanted === "dark" ? wanted : page;
    root.dataset.theme = theme;
    root.toggleAttribute("data-foreign", theme !== page);
    return looksOf(root);
  };
  const [looks, setLooks] = useState(dress);
  useEffect(() => {
    const look = () => setLooks(dress());
    look();
    watchTheme(root, look, signal);
    model.on("change:theme", look);
    return () => model.off("change:theme", look);
  }, [root, model]);
  return looks;
}

function useKernel(rpc: Rpc): KernelState {
  const [state, setState] = useState(rpc.state);
  useEffect(() => {
    setState(rpc.state);
    return rpc.onState(setState);
  }, [rpc]);
  return state;
}

/** Counts up when this kind of panel has to say everything anew. */
function useWords(kind: PanelKind): number {
  const [times, setTimes] = useState(0);
  useEffect(() => onWords((of) => (of === "" || of === kind) && setTimes((before) => before + 1)), [kind]);
  return times;
}

/** Shows a card where a part of the panel threw; new data gives it another try. */
class Guard extends Component<{ retry: unknown; children: ComponentChildren }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ error: error ?? "unknown" });
  }

  override componentDidUpdate(before: { retry: unknown }): void {
    if (before.retry !== this.props.retry && this.state.error !== null) this.setState({ error: null });
  }

  override render() {
    const { error } = this.state;
    return error === null ? (
      this.props.children
    ) : (
      <Failed message={say("This panel could not be drawn: {why}", { why: errorText(error) })} />
    );
  }
}

function Failed({ message }: { message: string }) {
  return (
    <Notice kind="error" role="alert">
      {message}
    </Notice>
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
