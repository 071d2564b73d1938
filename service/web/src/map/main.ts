import "maplibre-gl/dist/maplibre-gl.css";
import "../shell/base.css";
import "./map.css";
import { Map, setWorkerUrl } from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import { apply } from "../shell/language";

setWorkerUrl(new URL(worker, location.href).href);
apply();
const map = new Map({
  container: "map",
  style: { version: 8, sources: {}, layers: [{ id: "sea", type: "background", paint: { "background-color": "#dfeaf0" } }] },
  center: [108, 15.5],
  zoom: 4.6,
});
map.once("idle", () => document.documentElement.setAttribute("data-ready", ""));
