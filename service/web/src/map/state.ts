// What a link to the map says, after the `#`: it stays in the browser and is sent to nobody.

import type { Point } from "./types";

export interface State {
  /** Null: the whole country, as large as the window shows it. */
  zoom: number | null;
  centre: Point;
  /** The place that is looked at. */
  at: Point | null;
  /** The day of the units; null for that of the data. */
  day: string | null;
  code: string | null;
}

/** West, south, east, north of what is shown first: the whole country, with its islands. */
export const COUNTRY: [number, number, number, number] = [102.1, 7.1, 117.9, 23.5];

const MIDDLE: Point = { lat: 15.9, lon: 110 };

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The day on which the data begins. */
const EARLIEST = "2018-01-01";
const LATEST = "2100-01-01";

export function readState(hash: string): State {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const [zoom, lat, lon] = numbers(given.get("map"), "/", 3);
  const centre = point(lat, lon);
  const day = given.get("day");
  return {
    zoom: centre && zoom !== undefined ? Math.min(Math.max(zoom, 3), 19) : null,
    centre: centre ?? MIDDLE,
    at: point(...(numbers(given.get("at"), ",", 2) as [number?, number?])),
    day: day && isDay(day) ? day : null,
    code: given.get("code"),
  };
}

export function writeState(state: State): string {
  const { zoom, centre, at, day, code } = state;
  const parts = [`map=${(zoom ?? 0).toFixed(2)}/${centre.lat.toFixed(5)}/${centre.lon.toFixed(5)}`];
  if (at) parts.push(`at=${at.lat.toFixed(6)},${at.lon.toFixed(6)}`);
  if (day) parts.push(`day=${day}`);
  if (code) parts.push(`code=${encodeURIComponent(code)}`);
  return `#${parts.join("&")}`;
}

function isDay(text: string): boolean {
  const date = DAY.test(text) && EARLIEST <= text && text <= LATEST ? new Date(`${text}T00:00:00Z`) : null;
  return date !== null && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function numbers(text: string | null, separator: string, count: number): number[] {
  const found = (text ?? "").split(separator).map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  return found.length === count && found.every(Number.isFinite) ? found : [];
}

function point(lat?: number, lon?: number): Point | null {
  if (lat === undefined || lon === undefined) return null;
  return Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { lat, lon } : null;
}
