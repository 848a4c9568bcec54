import { visible } from "../../shared/format";

/** An attribute's value; numbers are written short. */
export type Value = string | number;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as XML holds it: nothing of it can be markup, and hidden characters are written out. */
export function escapeXml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (found) => ENTITIES[found] as string);
}

/**
 * An element. Its name and the names of its attributes are ours; every value is escaped
 * here, and children are elements or `text`.
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, Value>>,
  ...children: Markup[]
): Markup {
  const written = Object.entries(attributes).map(([key, value]) => {
    const shown = typeof value === "number" ? String(Math.round(value * 10) / 10) : escapeXml(value);
    return ` ${key}="${shown}"`;
  });
  const inner = children.map(({ xml }) => xml).join("");
  return new Markup(`<${name}${written.join("")}${inner === "" ? "/>" : `>${inner}</${name}>`}`);
}

/** Text between tags. */
export function text(value: string): Markup {
  return new Markup(escapeXml(value));
}

/** XML that this file has written. */
class Markup {
  constructor(readonly xml: string) {}
}

export type { Markup };
