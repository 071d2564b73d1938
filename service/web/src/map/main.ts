// The map page: everything put together.

import "maplibre-gl/dist/maplibre-gl.css";
import "../shell/base.css";
import "./map.css";
import { Map as GlMap, Marker, setWorkerUrl, type VectorTileSource } from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { ask, headers, Refused } from "../shell/api";
import { byId } from "../shell/dom";
import { apply, language, onLanguage, say, switchTo } from "../shell/language";
import { addButtons } from "./buttons";
import { Days, shownDay } from "./days";
import { goTo } from "./going";
import { PlacePanel } from "./place";
import { room } from "./room";
import { Search } from "./search";
import { COUNTRY, readState, type State, writeState } from "./state";
import { fontsReady, namedLayers, styleOf, tileUrls } from "./style";
import type { Described, Point, Reading, Resolved } from "./types";
import { speakPage, WORDS } from "./words";

const RETRY_AFTER_MS = 3000;

const state: State = readState(location.hash);
const panel = new PlacePanel(() => page?.leave());
let page: Page | undefined;
const said = byId("said");

setWorkerUrl(new URL(worker, location.href).href);
speakPage();
apply();
byId("language").addEventListener("click", () => switchTo(language() === "vi" ? "en" : "vi"));
void start().catch((error: unknown) => tell(error));

async function start(): Promise<void> {
  const [described] = await Promise.all([describe(state.day ?? undefined), fontsReady()]);
  const map = new GlMap({
    container: "map",
    style: styleOf(described),
    ...(state.zoom === null
      ? { bounds: COUNTRY, fitBoundsOptions: { padding: room(false) } }
      : { center: [state.centre.lon, state.centre.lat] as [number, number], zoom: state.zoom }),
    minZoom: 3,
    maxZoom: 19,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maplibreLogo: false,
    locale: { "Map.Title": say(WORDS.map) },
    transformRequest: (url) => (url.startsWith(location.origin) ? { url, headers: headers() } : { url }),
  });
  Object.assign(window, { geoaddrMap: map }); // for those who look into the page: tests, and the curious
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  credit(described);
  page = new Page(map, described);
  map.once("idle", () => {
    performance.mark("ready");
    document.documentElement.setAttribute("data-ready", "");
  });
  page.begin();
}

/** What there is on a day; asked again while the outlines are still being drawn. */
async function describe(day: string | undefined): Promise<Described> {
  for (;;) {
    const described = await ask<Described>("/tiles.json", { as_of: day });
    if (described.geoaddr.ready) return described;
    said.textContent = say(WORDS.drawing);
    await new Promise((done) => setTimeout(done, RETRY_AFTER_MS));
    said.textContent = "";
  }
}

function credit(described: Described): void {
  const { pack, base_map } = described.geoaddr;
  const parts = [described.attribution, `${pack.name} ${pack.version}`, base_map?.attribution, "MapLibre"];
  byId("credits").textContent = parts.filter(Boolean).join(" · ");
}

function tell(error: unknown): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  said.textContent = error instanceof Refused ? error.message : say(WORDS.failed);
}

class Page {
  private readonly marker = new Marker({ color: "#b3261e" });
  private readonly days: Days;

  constructor(
    private readonly map: GlMap,
    described: Described,
  ) {
    this.days = new Days(described, state.day, (day) => void this.changeDay(day).catch(tell));
    new Search({
      near: () => (map.getZoom() >= 9 ? middle(map) : null),
      found: (target) => void goTo(map, target, (point) => this.look(point)).catch(tell),
      resolved: (resolved) => this.showResolved(resolved),
      said: (message) => (said.textContent = message),
    });
    addButtons(map, {
      here: (point, within_m) => this.look(point, within_m),
      share: () => this.share(),
      said: (message) => (said.textContent = message),
    });
    onLanguage(() => this.speak());
    map.on("moveend", () => this.remember());
    map.on("click", (event) => this.onClick(event.point, event.lngLat));
    map.on("mousemove", (event) => {
      const over = map.getLayer("addresses") ? map.queryRenderedFeatures(event.point, { layers: ["addresses"] }) : [];
      map.getCanvas().style.cursor = over.length ? "pointer" : "";
    });
    map.getCanvas().addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.look(middle(map));
      if (event.key === "Escape") this.leave();
    });
  }

  /** What the link asks for. */
  begin(): void {
    if (state.code) void this.showCode(state.code).catch(tell);
    else if (state.at) this.look(state.at);
  }

  /** Look at a point: its marker, its codes and units. */
  look(given: Point, within_m?: number): void {
    const at = { lat: rounded(given.lat), lon: rounded(given.lon) };
    state.at = at;
    state.code = null;
    this.marker.setLngLat([at.lon, at.lat]).addTo(this.map);
    this.marker.getElement().setAttribute("aria-label", say(WORDS.chosen));
    this.remember();
    said.textContent = "";
    void panel
      .show(at, within_m)
      .then((located) => this.choose(located.commune?.code ?? ""))
      .catch(tell);
  }

  private onClick(at: { x: number; y: number }, lngLat: { lat: number; lng: number }): void {
    const [address] = this.map.queryRenderedFeatures([at.x, at.y], { layers: ["addresses"] });
    if (address) void this.showCode(String(address.properties.ndas)).catch(tell);
    else this.look({ lat: lngLat.lat, lon: lngLat.lng });
  }

  private async showCode(code: string): Promise<void> {
    this.showResolved(await ask<Resolved>(`/v1/codes/${encodeURIComponent(code)}`));
  }

  private showResolved(resolved: Resolved): void {
    const reading = resolved.readings[0];
    if (!reading) return void (said.textContent = say(WORDS.nothing));
    const { point, commune, province } = reading;
    const computed = reading.status === "computed";
    if (point && computed) {
      void goTo(this.map, { label: "", point, commune, province }, (there) => this.look(there)).catch(tell);
      return;
    }
    this.showRegistered(reading);
  }

  private showRegistered(reading: Reading): void {
    const { point, commune, province } = reading;
    state.code = reading.code;
    state.at = null;
    panel.showReading(reading);
    this.choose(commune?.code ?? "");
    if (point) this.marker.setLngLat([point.lon, point.lat]).addTo(this.map);
    else this.marker.remove();
    void goTo(this.map, { label: "", point, commune, province }, () => this.remember()).catch(tell);
    this.remember();
  }

  /** Look at nothing any more. */
  leave(): void {
    state.at = state.code = null;
    this.marker.remove();
    panel.clear();
    this.choose("");
    this.remember();
  }

  private choose(commune: string): void {
    this.map.setFilter("chosen", ["==", ["get", "code"], commune]);
  }

  private async changeDay(day: string | undefined): Promise<void> {
    state.day = day ?? null;
    this.remember();
    const described = await describe(day);
    if (shownDay() !== day) return; // the slider has moved on
    this.map.getSource<VectorTileSource>("units")?.setTiles(tileUrls(described));
    this.days.tell(described);
    if (state.at) this.look(state.at);
  }

  private speak(): void {
    for (const [layer, text] of Object.entries(namedLayers())) this.map.setLayoutProperty(layer, "text-field", text);
    this.map.getCanvas().setAttribute("aria-label", say(WORDS.map));
    if (state.at) this.look(state.at);
    else if (state.code) void this.showCode(state.code).catch(tell);
  }

  private remember(): void {
    state.zoom = this.map.getZoom();
    state.centre = middle(this.map);
    history.replaceState(null, "", location.pathname + location.search + writeState(state));
  }

  private async share(): Promise<void> {
    this.remember();
    await navigator.clipboard.writeText(location.href);
    said.textContent = say(WORDS.shared);
  }
}

/** To a tenth of a metre, as links say it: whoever follows one sees the same codes. */
function rounded(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}

function middle(map: GlMap): Point {
  const { lat, lng } = map.getCenter();
  return { lat, lon: lng };
}
