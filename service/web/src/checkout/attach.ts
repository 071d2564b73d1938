// A form's address fields with suggestions and a verdict. Whatever goes wrong, the form can be sent as before.

import { Fields } from "./fields";
import { look } from "./look";
import type { Options } from "./options";
import { Panel } from "./panel";
import { type Place, Service, type Unit, type Verdict } from "./service";
import { Suggestions } from "./suggestions";
import { pageLanguage, WORDS } from "./words";

export type { Options };

const PAUSE_MS = 500;
const BLOCKED = { reject: ["reject"], fix: ["reject", "fix"] } as const satisfies Record<string, readonly string[]>;

/** Attach to the fields that `options` names. The form gets an event `geoaddr:verdict` for each verdict. */
export function attach(options: Options): void {
  new Checkout(options).start();
}

class Checkout {
  private readonly fields: Fields;
  private readonly service: Service;
  private readonly panel: Panel;
  private readonly language;
  private asked = "";
  private place: Place | null = null;
  private choice: Unit | null = null;
  private latest: Verdict | null = null;
  private running: AbortController | null = null;
  private timer = 0;

  constructor(private readonly options: Options) {
    look();
    this.language = options.language ?? pageLanguage();
    this.fields = new Fields(options.fields);
    this.service = new Service(options.service ?? new URL(import.meta.url).origin, this.language);
    new Suggestions(this.fields.text, this.service, this.language, () => void this.judge());
    const last = this.fields.text.nextElementSibling?.nextElementSibling ?? this.fields.text;
    this.panel = new Panel(last, this.language, {
      use: () => this.use(),
      choose: (commune) => this.choose(commune),
      ...(options.position && "geolocation" in navigator ? { locate: () => this.locate() } : {}),
    });
  }

  start(): void {
    for (const field of this.fields.all) {
      field.addEventListener("input", () => this.changed());
      field.addEventListener("change", () => void this.judge());
    }
    this.fields.text.form?.addEventListener("submit", (event) => this.sending(event));
    void this.judge();
  }

  /** What was chosen or located for another address says nothing of this one. */
  private changed(): void {
    this.choice = this.place = null;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.judge(), PAUSE_MS);
  }

  private async judge(): Promise<void> {
    window.clearTimeout(this.timer);
    const stated = this.fields.question();
    if (!stated) return this.forget();
    const chosen = this.choice && { commune: this.choice.full_name, province: this.choice.parent ?? "" };
    const question = { ...stated, ...this.place, ...(chosen ? { components: { ...stated.components, ...chosen } } : {}) };
    const text = JSON.stringify(question);
    if (text === this.asked) return;
    this.asked = text;
    this.running?.abort();
    const running = (this.running = new AbortController());
    try {
      const verdict = await this.service.validate(question, running.signal);
      if (!running.signal.aborted) this.take(verdict);
    } catch {
      if (!running.signal.aborted) this.fail();
    }
  }

  private take(verdict: Verdict): void {
    this.latest = verdict;
    this.fields.tell(verdict, this.choice);
    this.panel.show(verdict, this.fields.text.value.trim() === verdict.normalised.new);
    (this.fields.text.form ?? document).dispatchEvent(new CustomEvent("geoaddr:verdict", { detail: verdict, bubbles: true }));
  }

  private fail(): void {
    this.asked = "";
    this.latest = null;
    this.fields.tell(null, null);
    this.panel.note(WORDS.unasked[this.language]);
  }

  private forget(): void {
    this.asked = "";
    this.latest = null;
    this.running?.abort();
    this.fields.tell(null, null);
    this.panel.hide();
  }

  private use(): void {
    if (!this.latest) return;
    this.fields.write(this.latest);
    this.fields.text.focus();
    void this.judge();
  }

  private choose(commune: Unit): void {
    this.choice = commune;
    this.fields.text.focus();
    void this.judge();
  }

  private locate(): void {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.place = { lat: coords.latitude, lon: coords.longitude };
        void this.judge();
      },
      () => this.panel.note(WORDS.refused[this.language]),
      { enableHighAccuracy: true, timeout: 15_000 },
    );
  }

  private sending(event: SubmitEvent): void {
    const { block } = this.options;
    const verdict = this.latest?.verdict ?? "";
    if (!block || !(BLOCKED[block] as readonly string[]).includes(verdict)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.fields.text.focus();
  }
}
