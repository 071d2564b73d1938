// Vietnamese and English: which one is spoken, and every element that speaks.

export type Language = "vi" | "en";

/** A sentence for people, in both languages. */
export interface Said {
  readonly vi: string;
  readonly en: string;
}

const REMEMBERED = "geoaddr.language";

let spoken: Language = chosen();

function chosen(): Language {
  const asked = new URLSearchParams(location.search).get("lang") ?? stored();
  if (asked === "vi" || asked === "en") return asked;
  const first = navigator.languages.find((tag) => /^(vi|en)\b/i.test(tag));
  return first?.toLowerCase().startsWith("en") ? "en" : "vi";
}

function stored(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // storage may be forbidden; then the choice lasts as long as the page
  }
}

export function language(): Language {
  return spoken;
}

export function say(words: Said): string {
  return words[spoken];
}

/** Let an element's text, or one of its attributes, speak `words` now and after every switch of the language. */
export function speaks<E extends Element>(element: E, words: Said, attribute = "text"): E {
  element.setAttribute(`data-said-${attribute}`, JSON.stringify(words));
  if (!element.hasAttribute("data-said")) element.setAttribute("data-said", "");
  utter(element, attribute, words);
  return element;
}

/** Switch the language of the whole page, and remember it. */
export function switchTo(next: Language): void {
  spoken = next;
  try {
    localStorage.setItem(REMEMBERED, next);
  } catch {
    // see stored()
  }
  apply();
  document.dispatchEvent(new CustomEvent("languagechange", { detail: next }));
}

/** Call `then` after every switch. */
export function onLanguage(then: () => void): void {
  document.addEventListener("languagechange", then);
}

/** Bring the document into the spoken language; each page calls it once. */
export function apply(): void {
  document.documentElement.lang = spoken;
  for (const element of document.querySelectorAll("[data-said]")) {
    for (const { name, value } of [...element.attributes]) {
      if (name.startsWith("data-said-")) utter(element, name.slice("data-said-".length), JSON.parse(value) as Said);
    }
  }
}

function utter(element: Element, attribute: string, words: Said): void {
  if (attribute === "text") element.textContent = words[spoken];
  else element.setAttribute(attribute, words[spoken]);
}
