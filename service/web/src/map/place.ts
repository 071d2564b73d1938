// The panel: a place's codes, its units now and before the reform.

import { ask, sessionKey } from "../shell/api";
import { byId, fill, h } from "../shell/dom";
import { type Said, say } from "../shell/language";
import { showCode } from "./card";
import { grouped, SYSTEMS, type System } from "./codes";
import { EVE_OF_REFORM, shownDay } from "./days";
import type { Located, Matches, Point, Reading, Unit } from "./types";

const WORDS = {
  codes: { vi: "Mã của vị trí này", en: "Codes of this place" },
  now: { vi: "Đơn vị hành chính hiện nay", en: "Units today" },
  before: { vi: "Trước ngày 1/7/2025", en: "Before 1 July 2025" },
  outside: {
    vi: "Điểm này không thuộc xã, phường nào trong dữ liệu.",
    en: "This point is in no commune of the data.",
  },
  province: { vi: "Tỉnh, thành phố", en: "Province" },
  district: { vi: "Quận, huyện", en: "District" },
  commune: { vi: "Xã, phường", en: "Commune" },
  oneOf: { vi: "Một trong", en: "One of" },
  uncertain: {
    vi: "Không có đường ranh của ngày ấy; suy ra từ bảng thay đổi.",
    en: "There are no boundaries of that day; told by the table of changes.",
  },
  approximate: {
    vi: "Ranh giới gần đúng: gần đường ranh, kết quả có thể sai.",
    en: "Approximate boundaries: near a border the answer may be wrong.",
  },
  border: { vi: "Ranh giới gần nhất", en: "Nearest border" },
  large: { vi: "Xem cỡ lớn", en: "Show large" },
  close: { vi: "Đóng", en: "Close" },
  copy: { vi: "Chép", en: "Copy" },
  copied: { vi: "Đã chép", en: "Copied" },
  position: { vi: "Vị trí của bạn, sai số khoảng", en: "Your position, good to about" },
  legal: { vi: "Căn cứ", en: "Legal basis" },
  registered: { vi: "Mã trong sổ đăng ký", en: "A code of the registry" },
  notShown: {
    vi: "Không có khóa truy cập, dịch vụ chỉ cho biết địa bàn của mã này.",
    en: "Without a key the service tells only the area of this code.",
  },
  keyShowsLess: {
    vi: "Khóa đang dùng chỉ mở địa bàn của mã này.",
    en: "The key in use opens only the area of this code.",
  },
  point: { vi: "Vị trí", en: "Position" },
  latLon: { vi: "Vĩ độ, kinh độ", en: "Latitude, longitude" },
};

const STATUSES: Record<string, Said> = {
  computed: { vi: "tính từ tọa độ", en: "computed from the point" },
  proposed: { vi: "đề xuất", en: "proposed" },
  verified: { vi: "đã xác minh", en: "verified" },
  live: { vi: "đang dùng", en: "live" },
  retired: { vi: "đã hủy", en: "retired" },
  superseded: { vi: "đã thay thế", en: "superseded" },
  not_issued: { vi: "chưa cấp", en: "not issued" },
};

const MOST_CANDIDATES = 6;

/** What is said of a point beside its units. `within_m`: how rough it is known; `note`: what it stands for. */
export interface Note {
  readonly within_m?: number | undefined;
  readonly note?: Said | undefined;
}

/** The place of the panel; what it showed before is gone. */
export class PlacePanel {
  private readonly panel = byId("place");
  private asked = new AbortController();

  constructor(private readonly closed: () => void) {}

  /** Show a point. Throws what `ask` throws. */
  async show(at: Point, { within_m, note }: Note = {}): Promise<Located> {
    this.asked.abort();
    const { signal } = (this.asked = new AbortController());
    const point = { lat: at.lat, lon: at.lon };
    const rough = within_m === undefined ? {} : { uncertainty_m: Math.min(Math.round(within_m), 10_000) };
    const [now, before] = await Promise.all([
      ask<Located>("/v1/locate", { ...point, ...rough, as_of: shownDay() }, signal),
      ask<Located>("/v1/locate", { ...point, as_of: EVE_OF_REFORM }, signal),
    ]);
    this.fill(
      this.head(now.commune?.full_name ?? now.province?.full_name ?? written(now.point)),
      note !== undefined && h("p", { class: "notice" }, note),
      !now.inside && h("p", { class: "notice" }, WORDS.outside),
      within_m !== undefined && h("p", { class: "notice" }, WORDS.position, ` ${Math.round(within_m)} m`),
      now.inside ? this.codes(now) : null,
      ...this.units(now, before),
      now.inside && now.boundary_accuracy === "approximate" && h("p", { class: "small" }, WORDS.approximate),
    );
    return now;
  }

  /** Show a code that the registry alone can read, with what the caller may see of it. Throws what `ask` throws. */
  async showReading(reading: Reading): Promise<void> {
    this.asked.abort();
    const { signal } = (this.asked = new AbortController());
    const area = [reading.commune?.full_name, reading.province?.full_name].filter(Boolean).join(", ");
    const where = (reading.address && (await this.written(reading.code, signal))) || area;
    const hidden = !reading.point && !reading.address && reading.status !== "not_issued";
    this.fill(
      this.head(grouped(reading.system, reading.code)),
      h("p", {}, SYSTEMS[reading.system], " · ", STATUSES[reading.status] ?? reading.status),
      h("p", { class: "address" }, where),
      h("div", { class: "buttons" }, this.largeButton(reading.system, reading.code, where)),
      reading.point && section(WORDS.point, ...this.pointRows(reading, reading.point, where)),
      hidden && h("p", { class: "small" }, sessionKey() ? WORDS.keyShowsLess : WORDS.notShown),
    );
  }

  /** The address of a code on one line, as the service writes it. */
  private async written(code: string, signal: AbortSignal): Promise<string | undefined> {
    const { features } = await ask<Matches>("/v1/search", { q: code, limit: 1 }, signal);
    return features[0]?.properties.label;
  }

  private pointRows(reading: Reading, point: Point, where: string): HTMLElement[] {
    const codes: [System, string | null][] = [["vpostcode", reading.vpostcode], ["plus_code", reading.plus_code]];
    return [row(WORDS.latLon, written(point)), ...codes.flatMap(([system, code]) => this.codeRow(system, code, where))];
  }

  clear(): void {
    this.asked.abort();
    this.panel.replaceChildren();
    this.panel.hidden = true;
  }

  private head(title: string): HTMLElement {
    const button = h("button", { type: "button", class: "quiet close", "aria-label": WORDS.close }, "✕");
    button.addEventListener("click", () => this.closed());
    return h("div", { class: "panel-head" }, h("h2", {}, title), button);
  }

  private fill(...children: (Node | null | false)[]): void {
    fill(this.panel, ...children);
    this.panel.hidden = false;
    this.panel.scrollTop = 0;
  }

  private *units(now: Located, before: Located): Generator<HTMLElement> {
    if (!now.inside) return;
    if (shownDay() !== EVE_OF_REFORM) yield section(WORDS.now, ...unitRows(now), ...borderRow(now));
    yield section(WORDS.before, ...unitRows(before));
    if (before.basis === "succession") yield h("p", { class: "small" }, WORDS.uncertain);
  }

  private codes(located: Located): HTMLElement {
    const where = [located.commune?.full_name, located.province?.full_name].filter(Boolean).join(", ");
    const codes: [System, string | null][] = [
      ["vpostcode", located.vpostcode],
      ["plus_code", located.plus_code],
      ["parcel", located.parcel_geohash],
      ["postcode", located.postcode],
    ];
    return section(WORDS.codes, ...codes.flatMap(([system, code]) => this.codeRow(system, code, where)));
  }

  private codeRow(system: System, code: string | null, where: string): HTMLElement[] {
    if (code === null) return [];
    const large = system !== "postcode" && this.largeButton(system, code, where, true);
    const buttons = h("span", { class: "row-buttons" }, copyButton(code, SYSTEMS[system]), large);
    return [row(SYSTEMS[system], h("code", {}, grouped(system, code)), buttons)];
  }

  private largeButton(system: System, code: string, where: string, small = false): HTMLElement {
    const name = { vi: `Xem cỡ lớn: ${SYSTEMS[system].vi}`, en: `Show large: ${SYSTEMS[system].en}` };
    const how = small ? { class: "quiet", "aria-label": name } : { class: "primary" };
    return h("button", { type: "button", ...how, click: () => showCode(system, code, where) }, WORDS.large);
  }
}

function written(point: Point): string {
  return `${point.lat.toFixed(5)}, ${point.lon.toFixed(5)}`;
}

function section(title: Said, ...rows: HTMLElement[]): HTMLElement {
  return h("section", {}, h("h3", {}, title), h("dl", {}, ...rows));
}

function row(term: Said, ...values: (Node | string | false)[]): HTMLElement {
  return h("div", {}, h("dt", {}, term), h("dd", {}, ...values));
}

function* unitRows(located: Located): Generator<HTMLElement> {
  const { commune, district, province, candidates } = located;
  if (commune) yield row(WORDS.commune, named(commune));
  else if (candidates.length > 0) {
    const shown = candidates.slice(0, MOST_CANDIDATES).map((unit) => unit.full_name);
    const more = candidates.length - shown.length;
    yield row(WORDS.commune, h("span", {}, WORDS.oneOf, ` ${candidates.length}: `), shown.join(", ") + (more ? "…" : ""));
  }
  if (district) yield row(WORDS.district, named(district));
  if (province) yield row(WORDS.province, named(province));
}

function* borderRow(located: Located): Generator<HTMLElement> {
  if (located.edge_distance_m === null) return;
  const beyond = located.neighbour ? ` → ${located.neighbour.full_name}` : "";
  yield row(WORDS.border, `${Math.round(located.edge_distance_m)} m${beyond}`);
}

function named(unit: Unit): HTMLElement {
  const title = unit.legal_basis ? { title: `${say(WORDS.legal)}: ${unit.legal_basis}` } : {};
  return h("span", title, unit.full_name, " ", h("span", { class: "unit-code" }, unit.code));
}

function copyButton(code: string, what: Said): HTMLElement {
  const name = { vi: `Chép ${what.vi}`, en: `Copy ${what.en}` };
  const button = h("button", { type: "button", class: "quiet", "aria-label": name }, WORDS.copy);
  button.addEventListener("click", () => {
    void navigator.clipboard.writeText(code).then(() => {
      byId("said").textContent = say(WORDS.copied);
      button.classList.add("done");
    });
  });
  return button;
}
