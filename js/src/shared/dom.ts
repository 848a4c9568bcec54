// Small dealings with the page that several parts share.

const RETRY_MS = 3000;
const STEP_MS = 150;

/** Our own document, and the one around our frame where we may look at it. */
export function documents(own: Document): Document[] {
  try {
    const outer = own.defaultView?.parent?.document;
    return outer && outer !== own ? [own, outer] : [own];
  } catch {
    // A frame of another origin: what is outside cannot be reached, and is not ours.
    return [own];
  }
}

/** What keeps one notebook, or a copy of one output, apart from the others in a page. */
const SCOPE = ".jp-NotebookPanel,.jp-LinkedOutputView,.jp-MainAreaWidget";

/** How many views hide a twin, and how it was shown before. */
const hidden = new WeakMap<HTMLElement, { views: number; display: string }>();

/**
 * Hides the static twins of a panel in the notebook around `view` while it lives. They may be drawn after us,
 * so this looks for 3 s; when `signal` aborts, those that no other view hides are shown again.
 */
export function hideTwins(view: Element, panelId: string, signal: AbortSignal): void {
  if (panelId === "") return;
  const mine = new Set<HTMLElement>();
  let looks = 0;
  const look = () => {
    // A cell far below is drawn long before it is put into the page.
    if (!view.isConnected) return;
    if (++looks > RETRY_MS / STEP_MS) return clearInterval(timer);
    const scope = view.closest(SCOPE);
    for (const each of scope ? [scope] : documents(view.ownerDocument)) {
      for (const element of each.querySelectorAll<HTMLElement>("[data-ja-static]")) {
        // Compared as text: an id never becomes part of a selector.
        if (element.getAttribute("data-ja-static") !== panelId || mine.has(element)) continue;
        const held = hidden.get(element) ?? { views: 0, display: element.style.display };
        held.views++;
        hidden.set(element, held);
        mine.add(element);
        element.style.display = "none";
      }
    }
  };
  const timer = setInterval(look, STEP_MS);
  look();
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    for (const element of mine) {
      const held = hidden.get(element);
      if (!held || --held.views > 0) continue;
      element.style.display = held.display;
      hidden.delete(element);
    }
  });
}

/** Puts text on the clipboard; false where the host does not allow it. */
export async function copyText(text: string, near: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text, near);
  }
}

// Frames without the clipboard permission (VS Code, Colab) still allow the older way.
function copyBySelection(text: string, near: Element): boolean {
  const document = near.ownerDocument;
  const area = document.createElement("textarea");
  area.value = text;
  area.style.cssText = "position:fixed;opacity:0";
  near.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

/** A new id for aria-controls and the like; never made from data. */
export function newId(prefix: string): string {
  return `ja-${prefix}-${Math.random().toString(36).slice(2)}`;
}
