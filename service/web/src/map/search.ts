// The search box: an ARIA combobox with a list, over `/v1/suggest`, `/v1/search` and `/v1/codes`.

import { ask, Refused } from "../shell/api";
import { byId, h } from "../shell/dom";
import { type Said, say } from "../shell/language";
import { mayBeCode } from "./codes";
import type { Completion, MatchLevel, Matches, Point, Resolved, Target } from "./types";

const MOST = 8;
/** A find that is likelier is gone to at once; less sure ones are offered. */
const SURE = 0.8;
/** The parameter that holds the text where the form was sent before this script was there. */
const SENT = "q";

const WORDS = {
  none: { vi: "Không tìm thấy. Hãy ghi thêm xã, phường và tỉnh.", en: "Nothing found. Add the commune and the province." },
  instead: { vi: "Không tìm thấy địa chỉ này; có thể là một trong các gợi ý.", en: "This address is not found; it may be one of these." },
  failed: { vi: "Không hỏi được dịch vụ", en: "The service cannot be reached" },
  kinds: {
    province: { vi: "tỉnh, thành phố", en: "province" },
    commune: { vi: "xã, phường", en: "commune" },
    street: { vi: "đường", en: "street" },
    place: { vi: "địa điểm", en: "place" },
    house: { vi: "địa chỉ", en: "address" },
    interpolated: { vi: "gần số nhà này", en: "near this number" },
    building: { vi: "tòa nhà", en: "building" },
    poi: { vi: "địa điểm", en: "place" },
    hamlet: { vi: "thôn, tổ", en: "hamlet" },
  } satisfies Record<Completion["kind"] | MatchLevel, Said>,
};

function counted(count: number): string {
  return say({ vi: `${count} gợi ý`, en: `${count} suggestions` });
}

/** What the search needs of the map: its middle, for suggestions nearby, and what to do with what was found. */
export interface Searcher {
  near(): Point | null;
  /** `typed`: the text that it was found for. */
  found(target: Target, typed: string): void;
  resolved(resolved: Resolved): void;
  said(message: string): void;
}

export class Search {
  private readonly input = byId<HTMLInputElement>("search");
  private readonly list = byId<HTMLUListElement>("suggestions");
  private readonly count = byId("suggestion-count");
  private shown: Target[] = [];
  private typed = "";
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

  /** What was typed, or sent, before this script was there. */
  begin(): void {
    const asked = new URLSearchParams(location.search);
    const sent = asked.get(SENT);
    if (sent !== null) {
      asked.delete(SENT);
      const rest = asked.toString();
      history.replaceState(null, "", location.pathname + (rest ? `?${rest}` : "") + location.hash);
      this.input.value ||= sent;
      void this.submit();
    } else if (this.input.value.trim() !== "" && document.activeElement === this.input) void this.suggest();
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
      this.show(completions, (completion) => say(WORDS.kinds[completion.kind]), text);
      performance.measure("suggestions", { start: started });
    } catch (error) {
      if (!asked.signal.aborted) this.close();
      if (!(error instanceof Refused) && !asked.signal.aborted) this.searcher.said(say(WORDS.failed));
    }
  }

  /** Enter, or the button: the chosen suggestion, a code, or whatever the text finds. */
  private async submit(): Promise<void> {
    const chosen = this.shown[this.active];
    if (chosen) return this.choose(chosen, this.typed);
    const text = this.input.value.trim();
    if (text === "") return;
    this.asked.abort();
    this.close();
    try {
      if (mayBeCode(text)) {
        const resolved = await this.resolve(text);
        if (resolved) return this.leave(() => this.searcher.resolved(resolved));
      }
      const { features } = await ask<Matches>("/v1/search", { q: text, limit: MOST });
      const targets = features.map((feature) => feature.properties);
      const [first] = targets;
      if (!first) await this.offerInstead(text);
      else if (targets.length === 1 || (first.weight ?? 0) >= SURE) this.choose(first, text);
      else this.show(targets, (target) => (target.match_level ? say(WORDS.kinds[target.match_level]) : ""), text);
    } catch (error) {
      this.searcher.said(error instanceof Refused ? error.message : say(WORDS.failed));
    }
  }

  /** Of a text that finds nothing: what it may become, or what else to type. */
  private async offerInstead(text: string): Promise<void> {
    const { completions } = await ask<{ completions: Completion[] }>("/v1/suggest", { q: text, limit: MOST });
    this.searcher.said(say(completions.length > 0 ? WORDS.instead : WORDS.none));
    this.show(completions, (completion) => say(WORDS.kinds[completion.kind]), text);
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

  private show<T extends Target>(targets: readonly T[], kind: (target: T) => string, typed: string): void {
    this.shown = [...targets];
    this.typed = typed;
    this.active = -1;
    const items = targets.map((target, i) =>
      h(
        "li",
        {
          role: "option",
          id: `suggestion-${i}`,
          "aria-selected": "false",
          pointerdown: (event: Event) => event.preventDefault(), // the input keeps the focus
          click: () => this.choose(target, typed),
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

  private choose(target: Target, typed: string): void {
    this.input.value = target.label;
    if (matchMedia("(pointer: coarse)").matches) this.input.blur(); // the keyboard of a phone would cover the map
    this.leave(() => this.searcher.found(target, typed));
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
