// The slider of days: each stop is the first day of a stretch in which no unit changed.

import { byId } from "../shell/dom";
import { language, onLanguage, type Said, say } from "../shell/language";
import type { Described } from "./types";

export const REFORM = "2025-07-01";
export const EVE_OF_REFORM = "2025-06-30";

const WORDS = {
  eve: { vi: "trước khi sắp xếp", en: "the day before the reform" },
  reform: { vi: "sắp xếp: 34 tỉnh, không còn cấp huyện", en: "the reform: 34 provinces, no districts" },
  data: { vi: "ngày của dữ liệu", en: "the date of the data" },
  levels: {
    province: { vi: "tỉnh", en: "provinces" },
    district: { vi: "huyện", en: "districts" },
    commune: { vi: "xã, phường", en: "communes" },
  },
  noPolygons: { vi: "không có ranh giới", en: "no boundaries" },
  succession: { vi: "ghép từ các xã ngày nay", en: "joined of today's communes" },
  approximate: { vi: "gần đúng", en: "approximate" },
};

let shown: string | undefined;

/** The day that is looked at; undefined for that of the data. */
export function shownDay(): string | undefined {
  return shown;
}

/** `2025-06-30` as people of the page's language write it. */
export function written(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  const how: Intl.DateTimeFormatOptions = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(language() === "vi" ? "vi-VN" : "en-GB", how).format(date);
}

/** The stops between which units changed: the reform's eve stands for the stretch that it ends. */
export function stopsOf(changes: readonly string[], dataDay: string): string[] {
  const days = new Set([...changes.filter((day) => day <= dataDay), EVE_OF_REFORM, dataDay]);
  const before = [...days].filter((day) => day < EVE_OF_REFORM).sort();
  if (changes.includes(REFORM)) days.delete(before[before.length - 1] ?? "");
  return [...days].sort();
}

export class Days {
  private readonly slider = byId<HTMLInputElement>("day");
  private readonly output = byId("day-shown");
  private readonly about = byId("day-about");
  private stops: string[] = [];

  /** `changed` is told of the new day; undefined for that of the data. */
  constructor(
    private described: Described,
    day: string | null,
    private readonly changed: (day: string | undefined) => void,
  ) {
    const { changes, pack } = described.geoaddr;
    this.stops = stopsOf(changes, pack.date);
    this.slider.max = String(this.stops.length - 1);
    this.slider.value = String(this.stopOf(day));
    shown = this.dayAt();
    this.slider.addEventListener("input", () => this.say());
    this.slider.addEventListener("change", () => this.go());
    byId("before").addEventListener("click", () => this.goTo(EVE_OF_REFORM));
    byId("today").addEventListener("click", () => this.goTo(this.stops[this.stops.length - 1]!));
    onLanguage(() => this.tell(this.described));
    this.tell(described);
  }

  /** Say what there is on the day that is shown. */
  tell(described: Described): void {
    this.described = described;
    this.say();
    this.about.textContent = described.geoaddr.levels
      .filter((level) => level.basis !== null || shown === undefined || level.level !== "district" || shown < REFORM)
      .filter((level) => !(level.basis === null && level.level === "district"))
      .map((level) => {
        const name = say(WORDS.levels[level.level]);
        if (level.basis === null) return `${name}: ${say(WORDS.noPolygons)}`;
        const notes = [
          level.basis === "succession" ? say(WORDS.succession) : "",
          level.accuracy === "approximate" ? say(WORDS.approximate) : "",
        ].filter(Boolean);
        return `${level.units.toLocaleString(language())} ${name}${notes.length ? ` (${notes.join(", ")})` : ""}`;
      })
      .join(" · ");
  }

  private stopOf(day: string | null): number {
    if (day === null) return this.stops.length - 1;
    const reached = this.stops.filter((stop) => stop <= day).length;
    return Math.max(reached - 1, 0);
  }

  private dayAt(): string | undefined {
    const stop = Number(this.slider.value);
    return stop === this.stops.length - 1 ? undefined : this.stops[stop];
  }

  private goTo(day: string): void {
    this.slider.value = String(this.stops.indexOf(day));
    this.say();
    this.go();
  }

  private go(): void {
    const day = this.dayAt();
    if (day === shown) return;
    shown = day;
    this.changed(day);
  }

  private say(): void {
    const stop = this.stops[Number(this.slider.value)]!;
    const notes: Record<string, Said> = { [EVE_OF_REFORM]: WORDS.eve, [REFORM]: WORDS.reform };
    const last = this.stops[this.stops.length - 1];
    const note = notes[stop] ?? (stop === last ? WORDS.data : null);
    const text = written(stop) + (note ? ` (${say(note)})` : "");
    this.output.textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
    byId("before").setAttribute("aria-pressed", String(stop === EVE_OF_REFORM));
    byId("today").setAttribute("aria-pressed", String(stop === last));
  }
}
