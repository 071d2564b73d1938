// Elements in one expression; the widget carries nothing that the service's own pages carry.

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(words: string, then: () => void): HTMLButtonElement {
  const made = el("button", { type: "button", class: "geoaddr-button" }, words);
  made.addEventListener("click", then);
  return made;
}
