// A job as it goes on: how far it is, then what came of it.

import { Refused } from "../shell/api";
import { h } from "../shell/dom";
import { language, onLanguage, say } from "../shell/language";
import { cancel, type Job, save, state, statuses } from "./jobs";
import { STATUSES, WORDS } from "./words";

const ASK_AGAIN_MS = 700;

export class Watch {
  readonly box = h("section", { class: "watch" });
  private readonly bar = h("progress", { max: "1", "aria-label": WORDS.running });
  private readonly said = h("p", { role: "status" });
  private readonly buttons = h("div", { class: "buttons" });
  private ended = false;

  constructor() {
    this.box.append(this.said, this.bar, this.buttons);
  }

  /** How much of the file is sent. */
  sent(share: number): void {
    this.bar.value = share;
    this.said.textContent = `${say(WORDS.sending)}: ${percent(share)}`;
  }

  refused(error: unknown): void {
    this.end();
    const words = error instanceof Refused ? error.message : say(WORDS.lost);
    this.said.replaceChildren(h("strong", {}, WORDS.failed), ` ${words}`);
    this.box.classList.add("bad");
  }

  /** Follow a job to its end. */
  async follow(id: string): Promise<void> {
    this.buttons.replaceChildren(this.button(WORDS.cancel, () => this.cancel(id)));
    while (!this.ended) {
      try {
        if (this.show(await state(id))) return;
      } catch (error) {
        if (error instanceof Refused && error.status < 500) return this.refused(error);
        this.said.textContent = say(WORDS.lost);
      }
      await new Promise((wait) => setTimeout(wait, ASK_AGAIN_MS));
    }
  }

  /** Whether the job has ended. */
  private show(job: Job): boolean {
    if (this.ended) return true;
    if (job.status === "failed") {
      this.refused(new Refused(0, job.problem?.detail ?? ""));
      return true;
    }
    if (job.status === "done") {
      void this.done(job);
      return true;
    }
    if (job.progress === null) this.bar.removeAttribute("value");
    else this.bar.value = job.progress;
    const words = job.status === "queued" ? say(WORDS.queued) : `${say(WORDS.running)}: ${count(job.rows_done)} ${say(WORDS.rows)}`;
    this.said.textContent = job.progress ? `${words} (${percent(job.progress)})` : words;
    return false;
  }

  private async done(job: Job): Promise<void> {
    this.end();
    const paint = () => {
      this.said.replaceChildren(h("strong", {}, WORDS.done), `: ${count(job.rows_done)} ${say(WORDS.rows)}`);
    };
    onLanguage(paint);
    paint();
    const expires = job.expires ? new Date(job.expires).toLocaleString(language() === "vi" ? "vi-VN" : "en-GB") : "";
    this.buttons.append(
      this.button(WORDS.result, () => save(job.result ?? ""), "primary"),
      this.button(WORDS.report, () => save(`${job.report ?? ""}?format=html`)),
    );
    this.box.append(h("p", { class: "small" }, WORDS.kept, ` ${expires}`));
    const found = Object.entries(await statuses(job.id));
    const rows = found.flatMap(([status, rows]) => [h("dt", {}, STATUSES[status] ?? status), h("dd", {}, count(rows))]);
    this.said.after(h("dl", { class: "counts" }, ...rows));
  }

  private async cancel(id: string): Promise<void> {
    await cancel(id);
    this.end();
    this.said.replaceChildren(h("span", {}, WORDS.cancelled));
  }

  private end(): void {
    this.ended = true;
    this.bar.hidden = true;
    this.buttons.replaceChildren();
  }

  private button(words: { vi: string; en: string }, then: () => Promise<void>, kind = ""): HTMLButtonElement {
    return h("button", { type: "button", class: kind, click: () => void then().catch((error: unknown) => this.refused(error)) }, words);
  }
}

function percent(share: number): string {
  return new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 0 }).format(share);
}

function count(rows: number): string {
  return new Intl.NumberFormat(language() === "vi" ? "vi-VN" : "en-GB").format(rows);
}
