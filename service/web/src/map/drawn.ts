// MapLibre, set up for this page.

import { Map as GlMap, prewarm, setWorkerUrl } from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { headers } from "../shell/api";
import { say } from "../shell/language";
import { room } from "./room";
import { COUNTRY, type State } from "./state";
import { styleOf } from "./style";
import type { Described } from "./types";
import { WORDS } from "./words";

setWorkerUrl(new URL(worker, location.href).href);
prewarm(); // the worker's script is on its way while the service is asked what there is

export function drawn(state: State, described: Described): GlMap {
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
    fadeDuration: 100,
    locale: { "Map.Title": say(WORDS.map) },
    transformRequest: (url) => (isOurs(url) ? { url, headers: headers() } : { url }),
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  return map;
}

/** Whether an address is on the host that the page came from: no other host may see the key. */
function isOurs(url: string): boolean {
  return new URL(url, location.href).origin === location.origin;
}
