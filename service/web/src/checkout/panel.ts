// The verdict, as the buyer sees it below the field.

import { ACTIONS } from "./actions";
import { button, el } from "./element";
import { best } from "./fields";
import type { Unit, Verdict } from "./service";
import { type Language, VERDICTS, WORDS } from "./words";

const MOST_CANDIDATES = 5;
const LEAST_WEIGHT = 0.03;

export interface Wishes {
  use(): void;
  choose(commune: Unit): void;
  locate?: () => void;
}

export class Panel {
  private readonly box: HTMLElement;

  constructor(
    after: Element,
    private readonly language: Language,
    private readonly wishes: Wishes,
  ) {
    this.box = el("div", { class: "geoaddr-panel", role: "status", lang: language });
    this.box.hidden = true;
    after.after(this.box);
  }

  hide(): void {
    this.box.hidden = true;
  }

  /** One sentence, for what went wrong on our side: never the buyer's trouble. */
  note(words: string): void {
    this.fill("", el("p", {}, words));
  }

  /** `typed`: whether the new address already stands in the form. */
  show(verdict: Verdict, typed: boolean): void {
    const { language: l } = this;
    const buttons = el("div", { class: "geoaddr-buttons" });
    const parts: Node[] = [
      el("p", { class: "geoaddr-verdict" }, VERDICTS[verdict.verdict]?.[l] ?? verdict.verdict),
      el("p", {}, (ACTIONS[verdict.possible_next_action] ?? verdict.action_text)[l]),
    ];
    if (verdict.normalised.new) parts.push(this.facts(verdict));
    if (verdict.normalised.new && !typed) buttons.append(button(WORDS.use[l], () => this.wishes.use()));
    if (verdict.possible_next_action === "choose_candidate") {
      parts.push(el("p", {}, WORDS.meant[l]));
      buttons.append(...this.candidates(verdict));
    }
    if (this.wishes.locate && verdict.verdict !== "reject" && !best(verdict.codes))
      buttons.append(button(WORDS.position[l], this.wishes.locate));
    if (buttons.childElementCount) parts.push(buttons);
    if (verdict.components.length) parts.push(this.reasons(verdict));
    this.fill(verdict.verdict, ...parts);
  }

  private fill(verdict: string, ...parts: readonly Node[]): void {
    this.box.dataset["verdict"] = verdict;
    this.box.replaceChildren(...parts);
    this.box.hidden = false;
  }

  private facts(verdict: Verdict): HTMLElement {
    const { language: l } = this;
    const rows: [string, string | null, string][] = [
      [WORDS.address[l], verdict.normalised.new, "geoaddr-new"],
      [WORDS.code[l], best(verdict.codes), "geoaddr-code"],
      [WORDS.postcode[l], verdict.postcode, "geoaddr-postcode"],
      [WORDS.formerly[l], verdict.normalised.old, "geoaddr-old"],
    ];
    const known = rows.filter(([, value]) => value);
    return el("dl", { class: "geoaddr-facts" }, ...known.flatMap(([name, value, kind]) => [el("dt", {}, name), el("dd", { class: kind }, value ?? "")]));
  }

  private candidates(verdict: Verdict): readonly HTMLButtonElement[] {
    const likely = verdict.candidates.filter(({ weight }) => weight >= LEAST_WEIGHT).slice(0, MOST_CANDIDATES);
    return likely.map(({ commune }) => button(commune.full_name, () => this.wishes.choose(commune)));
  }

  private reasons(verdict: Verdict): HTMLElement {
    const items = verdict.components.map(({ why }) => el("li", {}, why[this.language]));
    return el("details", {}, el("summary", {}, WORDS.detail[this.language]), el("ul", {}, ...items));
  }
}
