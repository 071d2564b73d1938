// Elements in one expression.

import { type Said, speaks } from "./language";

type Child = Node | string | Said | null | undefined | false;
type Listener = (event: Event) => void;

/** Attributes; a `Said` speaks the page's language, a function listens to the event of its name, `false` is left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | Said | Listener | undefined>>;

/** An element with attributes and children; a child that is a `Said` becomes a text in the page's language. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else if (typeof value === "object") speaks(element, value, name);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) {
    if (!child) continue;
    if (typeof child === "string" || child instanceof Node) element.append(child);
    else element.append(speaks(document.createElement("span"), child));
  }
  return element;
}

/** Put these in the place of what an element holds. */
export function fill(element: Element, ...children: readonly (Node | null | undefined | false)[]): void {
  element.replaceChildren(...children.filter((child) => child instanceof Node));
}

/** The element with this id; the page's own HTML has it. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as E;
}
