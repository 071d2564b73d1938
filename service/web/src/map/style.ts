// How the map is drawn.

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import { language } from "../shell/language";
import type { Described } from "./types";

const INK = "#22313d";
const HALO = "rgba(255,255,255,0.92)";
const SEA = "#dbe8ee";
const LANDS = ["#f6f1e4", "#eef3e6", "#f3ece6", "#e9f1ef", "#f4eee9"];

const FONT = ["Be Vietnam Pro"];
const BOLD = ["Be Vietnam Pro SemiBold"];

/** The letters that the map draws before it is shown: fonts come in parts, by the letters that are met. */
export async function fontsReady(): Promise<void> {
  const letters = "AaĐđẠạẮắƯưƠơ";
  await Promise.all([
    document.fonts.load(`400 16px "${FONT[0]}"`, letters),
    document.fonts.load(`600 16px "${BOLD[0]}"`, letters),
  ]);
}

/** The address of tiles, on the host that the page came from. */
export function tileUrls(described: Described): string[] {
  return described.tiles.map((url) => location.origin + url.slice(url.indexOf("/tiles/")));
}

export function styleOf(described: Described): StyleSpecification {
  const base = described.geoaddr.base_map;
  return {
    version: 8,
    sources: {
      units: { type: "vector", tiles: tileUrls(described), minzoom: 0, maxzoom: described.maxzoom },
      ...(base ? { base: { type: "raster" as const, tiles: [base.url], tileSize: 256 } } : {}),
    },
    layers: layers(Boolean(base)),
  };
}

/** The name that labels show, in the page's language. */
export function nameExpression(): ExpressionSpecification {
  const name = language() === "en" ? "name_en" : "name";
  return ["coalesce", ["get", name], ["get", "name"]];
}

/** The lines under an archipelago's name: its unit, and the province. */
function archipelagoText(): ExpressionSpecification {
  const end = language() === "en" ? "_en" : "";
  return [
    "format",
    nameExpression(), { "font-scale": 1 },
    "\n", {},
    ["concat", ["get", `full_name${end}`], ", ", ["get", `province${end}`]], { "font-scale": 0.8 },
  ] as unknown as ExpressionSpecification;
}

const byCode: ExpressionSpecification = [
  "match", ["%", ["to-number", ["get", "code"]], LANDS.length],
  ...LANDS.slice(1).flatMap((colour, i) => [i + 1, colour]),
  LANDS[0]!,
] as unknown as ExpressionSpecification;

function growing(...stops: number[]): ExpressionSpecification {
  return ["interpolate", ["linear"], ["zoom"], ...stops] as ExpressionSpecification;
}

function levelIs(level: string): ExpressionSpecification {
  return ["==", ["get", "level"], level];
}

function names(id: string, level: string, size: ExpressionSpecification, colour: string, bold = false): LayerSpecification {
  return {
    id,
    type: "symbol",
    source: "units",
    "source-layer": "labels",
    filter: levelIs(level),
    layout: {
      "text-field": nameExpression(),
      "text-font": bold ? BOLD : FONT,
      "text-size": size,
      "text-max-width": 8,
      "text-padding": 4,
      "symbol-sort-key": ["get", "rank"],
    },
    paint: { "text-color": colour, "text-halo-color": HALO, "text-halo-width": 1.6 },
  };
}

/** Without dashes: a border is drawn by both its neighbours, and dashes of two lines fill each other's gaps. */
function line(level: string, colour: string, width: ExpressionSpecification): LayerSpecification {
  return {
    id: `${level}-line`,
    type: "line",
    source: "units",
    "source-layer": `${level}s`,
    layout: { "line-join": "round" },
    paint: { "line-color": colour, "line-width": width },
  };
}

function layers(onBase: boolean): LayerSpecification[] {
  return [
    { id: "sea", type: "background", paint: { "background-color": SEA } },
    ...(onBase ? [{ id: "base", type: "raster", source: "base" } as LayerSpecification] : []),
    {
      id: "land",
      type: "fill",
      source: "units",
      "source-layer": "provinces",
      paint: { "fill-color": byCode, "fill-opacity": onBase ? 0.25 : 1, "fill-antialias": false },
    },
    line("commune", "#b9b09c", growing(8, 0.4, 12, 1.2, 16, 2)),
    line("district", "#a39678", growing(7, 0.5, 12, 1.2, 16, 2)),
    line("province", "#7d6f52", growing(4, 0.6, 8, 1.6, 14, 3)),
    {
      id: "chosen",
      type: "line",
      source: "units",
      "source-layer": "communes",
      filter: ["==", ["get", "code"], ""],
      layout: { "line-join": "round" },
      paint: { "line-color": "#0b5c7a", "line-width": growing(8, 1.6, 14, 3.5) },
    },
    {
      id: "islands",
      type: "circle",
      source: "units",
      "source-layer": "islands",
      paint: { "circle-radius": growing(4, 1.3, 10, 2.2), "circle-color": "#8a7c5e" },
    },
    {
      id: "addresses",
      type: "circle",
      source: "units",
      "source-layer": "addresses",
      minzoom: 15,
      paint: {
        "circle-radius": growing(15, 2.5, 18, 6),
        "circle-color": "#0b5c7a",
        "circle-stroke-color": "#ffffff",
        "circle-stroke-width": 1.2,
      },
    },
    // Last drawn is first placed: the archipelagos before all others.
    names("commune-names", "commune", growing(9, 11, 14, 15), "#5b5340"),
    names("district-names", "district", growing(8, 11, 12, 15), "#6b5f42"),
    names("province-names", "province", growing(4, 11, 6, 13, 10, 19), INK, true),
    {
      ...(names("archipelago-names", "archipelago", growing(3, 11, 6, 14, 9, 18), "#0b4a63", true) as object),
      layout: {
        "text-field": archipelagoText(),
        "text-font": BOLD,
        "text-size": growing(3, 10.5, 5, 12, 9, 17),
        "text-max-width": 14,
        "text-allow-overlap": true,
        "text-ignore-placement": false,
      },
    } as LayerSpecification,
  ];
}

/** The layers whose text changes with the language. */
export function namedLayers(): Record<string, ExpressionSpecification> {
  const plain = ["commune-names", "district-names", "province-names"];
  return {
    ...Object.fromEntries(plain.map((id) => [id, nameExpression()])),
    "archipelago-names": archipelagoText(),
  };
}
