// The map, and the place that is looked at on it.

import "maplibre-gl/dist/maplibre-gl.css";
import { type Map as GlMap, Marker, type VectorTileSource } from "maplibre-gl";
import { ask, KEY_REFUSED, sessionKey } from "../shell/api";
import { byId } from "../shell/dom";
import { onLanguage, say } from "../shell/language";
import { addButtons } from "./buttons";
import { Days, shownDay } from "./days";
import { drawn } from "./drawn";
import { goTo } from "./going";
import { openKeyCard, showKept } from "./key";
import { noteOf } from "./notes";
import { PlacePanel, type Note } from "./place";
import { type State, writeState } from "./state";
import { fontsReady, namedLayers, tileUrls } from "./style";
import type { Described, Point, Reading, Resolved, Target } from "./types";
import { WORDS } from "./words";

const NEARBY_ZOOM = 9;

export interface Service {
  describe(day: string | undefined): Promise<Described>;
  tell(error: unknown): void;
}

const said = byId("said");

/** Draw the map, and what the link asks for. */
export async function openView(state: State, described: Described, service: Service): Promise<View> {
  await fontsReady();
  const map = drawn(state, described);
  performance.mark("map");
  Object.assign(window, { geoaddrMap: map }); // for those who look into the page: tests, and the curious
  const view = new View(map, state, described, service);
  map.once("idle", () => {
    performance.mark("ready");
    document.documentElement.setAttribute("data-ready", "");
  });
  view.begin();
  return view;
}

export class View {
  private readonly marker = new Marker({ color: "#b3261e" });
  private readonly panel = new PlacePanel(() => this.leave());
  private readonly days: Days;
  /** Of the point that is looked at. */
  private note: Note = {};

  constructor(
    private readonly map: GlMap,
    private readonly state: State,
    described: Described,
    private readonly service: Service,
  ) {
    this.days = new Days(described, state.day, (day) => void this.changeDay(day).catch(service.tell));
    this.credit(described);
    addButtons(map, {
      here: (point, within_m) => this.look(point, { within_m }),
      share: () => this.share(),
      key: () => openKeyCard((message) => void this.changeKey(message).catch(service.tell)),
      said: (message) => (said.textContent = message),
    });
    showKept();
    onLanguage(() => this.speak());
    map.on("error", ({ error }) => this.failed(error));
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
    if (this.state.code) this.open(this.state.code);
    else if (this.state.at) this.look(this.state.at, this.note);
  }

  /** The middle of the map, where it shows no more than a region. */
  near(): Point | null {
    return this.map.getZoom() >= NEARBY_ZOOM ? middle(this.map) : null;
  }

  /** Go to what a search found. */
  found(target: Target, typed: string): void {
    if (target.ndas) return this.open(target.ndas);
    const note = noteOf(target, typed);
    void goTo(this.map, target, (point) => this.look(point, { note })).catch(this.service.tell);
  }

  resolved(resolved: Resolved): void {
    const reading = resolved.readings[0];
    if (!reading) return void (said.textContent = say(WORDS.nothing));
    const { point, commune, province } = reading;
    if (point && reading.status === "computed") {
      void goTo(this.map, { label: "", point, commune, province }, (there) => this.look(there)).catch(this.service.tell);
      return;
    }
    this.showRegistered(reading);
  }

  /** Look at a point: its marker, its codes and units. */
  private look(given: Point, note: Note = {}): void {
    const at = { lat: rounded(given.lat), lon: rounded(given.lon) };
    this.state.at = at;
    this.state.code = null;
    this.note = note;
    this.mark(at);
    this.remember();
    said.textContent = "";
    void this.panel
      .show(at, note)
      .then((located) => this.choose(located.commune?.code ?? ""))
      .catch(this.service.tell);
  }

  private onClick(at: { x: number; y: number }, lngLat: { lat: number; lng: number }): void {
    const [address] = this.map.queryRenderedFeatures([at.x, at.y], { layers: ["addresses"] });
    if (address) this.open(String(address.properties.ndas));
    else this.look({ lat: lngLat.lat, lon: lngLat.lng });
  }

  private open(code: string): void {
    const asked = ask<Resolved>(`/v1/codes/${encodeURIComponent(code)}`);
    void asked.then((resolved) => this.resolved(resolved)).catch(this.service.tell);
  }

  private showRegistered(reading: Reading): void {
    const { point, commune, province } = reading;
    this.state.code = reading.code;
    this.state.at = null;
    void this.panel.showReading(reading).catch(this.service.tell);
    this.choose(commune?.code ?? "");
    if (point) this.mark(point);
    else this.marker.remove();
    void goTo(this.map, { label: "", point, commune, province }, () => this.remember()).catch(this.service.tell);
    this.remember();
  }

  private mark(at: Point): void {
    this.marker.setLngLat([at.lon, at.lat]).addTo(this.map);
    this.marker.getElement().setAttribute("aria-label", say(WORDS.chosen));
  }

  /** Look at nothing any more. */
  private leave(): void {
    this.state.at = this.state.code = null;
    this.marker.remove();
    this.panel.clear();
    this.choose("");
    this.remember();
  }

  private choose(commune: string): void {
    this.map.setFilter("chosen", ["==", ["get", "code"], commune]);
  }

  private async changeDay(day: string | undefined): Promise<void> {
    this.state.day = day ?? null;
    this.remember();
    const described = await this.service.describe(day);
    if (shownDay() !== day) return; // the slider has moved on
    this.redraw(described);
    this.days.tell(described);
    if (this.state.at) this.look(this.state.at, this.note);
  }

  /** Another key, or none: other tiles of addresses, and more or less to say of a place. */
  private async changeKey(message: string): Promise<void> {
    this.redraw(await this.service.describe(shownDay()));
    this.begin();
    said.textContent = message;
  }

  /** A tile that is not to be had; of a key that opens nothing any more the page learns so. */
  private failed(error: { readonly message: string; readonly status?: number }): void {
    if (error.status !== KEY_REFUSED) return console.error(error);
    if (sessionKey() === "") return;
    const without = this.service.describe(shownDay()).then((described) => this.redraw(described));
    void without.then(showKept).catch(this.service.tell);
  }

  private redraw(described: Described): void {
    this.map.getSource<VectorTileSource>("units")?.setTiles(tileUrls(described));
  }

  private speak(): void {
    for (const [layer, text] of Object.entries(namedLayers())) this.map.setLayoutProperty(layer, "text-field", text);
    this.map.getCanvas().setAttribute("aria-label", say(WORDS.map));
    void this.service.describe(shownDay()).then((described) => this.credit(described)).catch(this.service.tell);
    this.begin();
  }

  private credit(described: Described): void {
    const { pack, base_map } = described.geoaddr;
    const parts = [described.attribution, `${pack.name} ${pack.version}`, base_map?.attribution, "MapLibre"];
    byId("credits").textContent = parts.filter(Boolean).join(" · ");
  }

  private remember(): void {
    this.state.zoom = this.map.getZoom();
    this.state.centre = middle(this.map);
    history.replaceState(null, "", location.pathname + location.search + writeState(this.state));
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
