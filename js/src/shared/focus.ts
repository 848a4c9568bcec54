// Who closes a part of a panel by keyboard must not start anew at the top of the page.

const REMEMBERED = 20;

/** Where what has the focus goes away, brings the focus back to what had it before, until `signal` aborts. */
export function keepFocus(root: HTMLElement, signal: AbortSignal): void {
  let had: HTMLElement[] = [];
  let inside = false;
  const onIn = ({ target }: FocusEvent) => {
    inside = true;
    had = [target as HTMLElement, ...had.filter((each) => each !== target)].slice(0, REMEMBERED);
  };
  const onOut = ({ target }: FocusEvent) => {
    // Browsers differ in whether one that is removed tells of it; who leaves by himself is still there a moment later.
    queueMicrotask(() => {
      if ((target as HTMLElement).isConnected && had[0] === target && !root.contains(focused()))
        inside = false;
    });
  };
  const focused = () => (root.getRootNode() as Document | ShadowRoot).activeElement;
  const observer = new MutationObserver(() => {
    if (!inside || had[0]?.isConnected || root.contains(focused())) return;
    had = had.filter((each) => each.isConnected);
    (had[0] ?? root).focus({ preventScroll: true });
  });
  root.addEventListener("focusin", onIn, { signal });
  root.addEventListener("focusout", onOut, { signal });
  observer.observe(root, { childList: true, subtree: true });
  signal.addEventListener("abort", () => observer.disconnect());
}
