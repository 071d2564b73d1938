// Search-as-you-type on the shop's own field: the combobox pattern of the ARIA practices.

import { el } from "./element";
import type { Completion, Service } from "./service";
import { type Language, WORDS } from "./words";

const PAUSE_MS = 60;
const FEWEST = 2;
const MOST = 6;

interface Offered {
  readonly label: string;
  readonly text: string;
}

let made = 0;

export class Suggestions {
  private readonly list: HTMLUListElement;
  private readonly status = el("div", { class: "geoaddr-reader", role: "status" });
  private offered: readonly Offered[] = [];
  private at = -1;
  private timer = 0;

  constructor(
    private readonly input: HTMLInputElement | HTMLTextAreaElement,
    private readonly service: Service,
    private readonly language: Language,
    private readonly chosen: () => void,
  ) {
    const id = `geoaddr-list-${++made}`;
    this.list = el("ul", { id, class: "geoaddr-list", role: "listbox", "aria-label": WORDS.suggestions[language] });
    this.list.hidden = true;
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id, autocomplete: "off" };
    for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
    input.after(this.list, this.status);
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.key(event as KeyboardEvent));
    input.addEventListener("blur", () => this.close());
    // Before the field loses its focus, and with it the list.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.clicked(event));
  }

  private typed(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.offer(), PAUSE_MS);
  }

  private async offer(): Promise<void> {
    const text = this.input.value;
    if (text.trim().length < FEWEST) return this.close();
    const found = await completions(this.service, text).catch(() => []);
    if (text !== this.input.value || document.activeElement !== this.input) return;
    this.offered = found;
    this.at = -1;
    this.list.replaceChildren(...found.map((each, index) => this.option(each, index)));
    const box = this.input;
    Object.assign(this.list.style, { left: `${box.offsetLeft}px`, top: `${box.offsetTop + box.offsetHeight}px`, width: `${box.offsetWidth}px` });
    this.show(found.length > 0);
    this.status.textContent = found.length ? `${found.length} ${WORDS.many[this.language]}` : WORDS.fewer[this.language];
  }

  private option(offered: Offered, index: number): HTMLLIElement {
    return el("li", { id: `${this.list.id}-${index}`, role: "option", "aria-selected": "false" }, offered.label);
  }

  private key(event: KeyboardEvent): void {
    if (this.list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.move((this.at + step + this.offered.length) % this.offered.length);
    else if (event.key === "Enter" && this.at >= 0) this.choose(this.at);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  private move(to: number): void {
    this.at = to < 0 ? this.offered.length - 1 : to;
    for (const [index, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(index === this.at));
      if (index === this.at) option.scrollIntoView({ block: "nearest" });
    }
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
  }

  private clicked(event: Event): void {
    const option = (event.target as Element).closest("li");
    if (option) this.choose([...this.list.children].indexOf(option));
  }

  private choose(index: number): void {
    const offered = this.offered[index];
    if (!offered) return;
    this.input.value = offered.text;
    this.close();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.chosen();
  }

  private close(): void {
    window.clearTimeout(this.timer);
    this.show(false);
  }

  private show(shown: boolean): void {
    this.list.hidden = !shown;
    this.input.setAttribute("aria-expanded", String(shown));
    if (!shown) this.input.removeAttribute("aria-activedescendant");
  }
}

/** Of the whole text; or, where a house number and street stand before one comma, of the unit behind it. */
async function completions(service: Service, text: string): Promise<readonly Offered[]> {
  const [head = "", tail, ...rest] = text.split(",");
  const unit = tail !== undefined && rest.length === 0 && tail.trim().length >= FEWEST ? tail.trim() : null;
  const [whole, units] = await Promise.all([service.suggest(text.trim()), unit ? service.suggest(unit) : []]);
  const ofUnits = units.filter(isCommune).map(({ text: found, label }) => ({ label, text: `${head.trim()}, ${found}` }));
  return [...whole.map(({ text: found, label }) => ({ label, text: found })), ...ofUnits].slice(0, MOST);
}

/** A district stands for many communes: which one is meant is the verdict's to ask. */
function isCommune(completion: Completion): boolean {
  return completion.kind === "commune" && completion.replaces?.level !== "district";
}
