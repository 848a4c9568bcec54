"""A person at a keyboard: goes by Tab to what has a name, presses keys, hears what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

_FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body || element.matches("section.ja")) return null;
  const label = element.labels?.[0]?.textContent;
  return [element.getAttribute("aria-label"), label, element.textContent.slice(0, 80), element.title]
    .filter(Boolean).join(" | ");
}"""
MOST = 60


class Keyboard:
    """Keys pressed on a page that shows one panel."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def begin(self) -> None:
        """Stand before the panel, as one comes from the cell above it."""
        self.page.locator("section.ja").first.focus()

    def go(self, name: str) -> None:
        """Press Tab until what has a name is focused: first on from here, then from the panel's beginning."""
        seen: list[str] = []
        for start in (None, self.begin):
            if start is not None:
                start()
            for _ in range(MOST):
                focused = self.page.evaluate(_FOCUSED)
                if focused is not None and name in focused:
                    return
                seen.append(str(focused))
                self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {name!r}, but to {list(dict.fromkeys(seen))}")

    def do(self, steps: tuple[str, ...]) -> None:
        """Do steps: ``"> name"`` goes there, ``"= text"`` writes, the rest are keys."""
        for step in steps:
            if step.startswith("> "):
                self.go(step[2:])
            elif step.startswith("= "):
                self.page.keyboard.type(step[2:])
            else:
                self.page.keyboard.press(step)
            self.page.wait_for_timeout(30)

    def said(self) -> str:
        """Return what the live region holds."""
        return " ".join(self.page.locator("section.ja [role=status]").all_inner_texts())

    def holds(self, expression: str) -> Any:
        """Wait until an expression over `view` and `root` is true."""
        return self.page.wait_for_function(
            f"""() => {{
              const [model] = Object.values(window.JA_MODELS), view = model.get("view");
              const root = document.querySelector("section.ja"), focused = document.activeElement;
              return {expression};
            }}""",
            timeout=2000,
        )
