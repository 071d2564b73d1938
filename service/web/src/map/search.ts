// The search box: an ARIA combobox with a list, over `/v1/suggest`, `/v1/search` and `/v1/codes`.

import { ask, Refused } from "../shell/api";
import { byId, h } from "../shell/dom";
import { type Said, say } from "../shell/language";
import { mayBeCode } from "./codes";
import type { Completion, Matches, Point, Resolved, Target } from "./types";

const MOST = 8;

const WORDS = {
  none: { vi: "Không tìm thấy", en: "Nothing found" },
  failed: { vi: "Không hỏi được dịch vụ", en: "The service cannot be reached" },
  kinds: {
    province: { vi: "tỉnh, thành phố", en: "province" },
    commune: { vi: "xã, phường", en: "commune" },
    street: { vi: "đường", en: "street" },
    place: { vi: "địa điểm", en: "place" },
    house: { vi: "địa chỉ", en: "address" },
  } satisfies Record<Completion["kind"], Said>,
};

function counted(count: number): string {
  return say({ vi: `${count} gợi ý`, en: `${count} suggestions` });
}

/** What the search needs of the map: its middle, for suggestions nearby, and what to do with what was found. */
export interface Searcher {
  near(): Point | null;
  found(target: Target): void;
  resolved(resolved: Resolved): void;
  said(message: string): void;
}

export class Search {
  private readonly input = byId<HTMLInputElement>("search");
  private readonly list = byId<HTMLUListElement>("suggestions");
  private readonly count = byId("suggestion-count");
  private shown: Target[] = [];
  private active = -1;
  private asked = new AbortController();

  constructor(private readonly searcher: Searcher) {
    this.input.addEventListener("input", () => void this.suggest());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => this.close());
    byId<HTMLFormElement>("search-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
  }

  private async suggest(): Promise<void> {
    const text = this.input.value;
    this.asked.abort();
    if (text.trim() === "") return this.close();
    const asked = (this.asked = new AbortController());
    const started = performance.now();
    const near = this.searcher.near();
    try {
      const query = { q: text, limit: MOST, lat: near?.lat, lon: near?.lon };
      const { completions } = await ask<{ completions: Completion[] }>("/v1/suggest", query, asked.signal);
      this.show(completions, (completion) => say(WORDS.kinds[completion.kind]));
      performance.measure("suggestions", { start: started });
    } catch (error) {
      if (!asked.signal.aborted) this.close();
      if (!(error instanceof Refused) && !asked.signal.aborted) this.searcher.said(say(WORDS.failed));
    }
  }

  /** Enter, or the button: the chosen suggestion, a code, or whatever the text finds. */
  private async submit(): Promise<void> {
    const chosen = this.shown[this.active];
    if (chosen) return this.choose(chosen);
    const text = this.input.value.trim();
    if (text === "") return;
    this.asked.abort();
    try {
      if (mayBeCode(text)) {
        const resolved = await this.resolve(text);
        if (resolved) return this.leave(() => this.searcher.resolved(resolved));
      }
      const { features } = await ask<Matches>("/v1/search", { q: text, limit: MOST });
      const targets = features.map((feature) => feature.properties);
      if (targets.length === 0) this.searcher.said(say(WORDS.none));
      else if (targets.length === 1) this.choose(targets[0]!);
      else this.show(targets, () => "");
    } catch (error) {
      this.searcher.said(error instanceof Refused ? error.message : say(WORDS.failed));
    }
  }

  private async resolve(text: string): Promise<Resolved | null> {
    try {
      const resolved = await ask<Resolved>(`/v1/codes/${encodeURIComponent(text)}`);
      return resolved.readings.length > 0 ? resolved : null;
    } catch (error) {
      if (error instanceof Refused && error.status === 400) return null; // no code: then it is a name
      throw error;
    }
  }

  private show<T extends Target>(targets: readonly T[], kind: (target: T) => string): void {
    this.shown = [...targets];
    this.active = -1;
    const items = targets.map((target, i) =>
      h(
        "li",
        {
          role: "option",
          id: `suggestion-${i}`,
          "aria-selected": "false",
          pointerdown: (event: Event) => event.preventDefault(), // the input keeps the focus
          click: () => this.choose(target),
        },
        h("span", {}, target.label),
        h("small", {}, kind(target)),
      ),
    );
    this.list.replaceChildren(...items);
    this.list.hidden = items.length === 0;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.input.removeAttribute("aria-activedescendant");
    this.count.textContent = counted(items.length);
  }

  private onKey(event: KeyboardEvent): void {
    const last = this.shown.length - 1;
    const moves: Record<string, number> = {
      ArrowDown: this.active < last ? this.active + 1 : 0,
      ArrowUp: this.active > 0 ? this.active - 1 : last,
    };
    const next = moves[event.key];
    if (event.key === "Escape") this.close();
    else if (next !== undefined && last >= 0) {
      event.preventDefault();
      this.activate(next);
    }
  }

  private activate(next: number): void {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = next;
    const item = this.list.children[next]!;
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", item.id);
  }

  private choose(target: Target): void {
    this.input.value = target.label;
    if (matchMedia("(pointer: coarse)").matches) this.input.blur(); // the keyboard of a phone would cover the map
    this.leave(() => this.searcher.found(target));
  }

  private leave(then: () => void): void {
    this.asked.abort();
    this.close();
    then();
  }

  private close(): void {
    this.shown = [];
    this.active = -1;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.count.textContent = "";
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
