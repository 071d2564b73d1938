// The buttons beside the map: zoom, one's own position (asked for only when pressed), a link to share, an access key.

import type { Map as GlMap } from "maplibre-gl";
import { byId, h } from "../shell/dom";
import { type Said, say } from "../shell/language";
import { icon, type Sign } from "./icons";
import type { Point } from "./types";

const POSITION_ZOOM = 16;
const PATIENCE_MS = 15_000;

const WORDS = {
  closer: { vi: "Phóng to", en: "Zoom in" },
  farther: { vi: "Thu nhỏ", en: "Zoom out" },
  here: { vi: "Vị trí của tôi", en: "My position" },
  share: { vi: "Chép liên kết", en: "Copy link" },
  key: { vi: "Khóa truy cập", en: "Access key" },
  asking: { vi: "Đang xác định vị trí…", en: "Finding your position…" },
  denied: {
    vi: "Trình duyệt không cho biết vị trí. Bạn có thể cho phép trong phần cài đặt của trang.",
    en: "The browser does not tell your position. You can allow it in the site's settings.",
  },
  unknown: { vi: "Chưa xác định được vị trí", en: "Your position could not be found" },
};

export interface Pressed {
  here(point: Point, within_m: number): void;
  share(): Promise<void>;
  key(): void;
  said(message: string): void;
}

export function addButtons(map: GlMap, pressed: Pressed): void {
  byId("map-buttons").append(
    button("closer", WORDS.closer, () => map.zoomIn()),
    button("farther", WORDS.farther, () => map.zoomOut()),
    button("here", WORDS.here, () => locate(map, pressed)),
    button("share", WORDS.share, () => void pressed.share().catch(() => pressed.said(location.href))),
    button("key", WORDS.key, () => pressed.key()),
  );
}

function button(id: Sign, name: Said, click: () => void): HTMLElement {
  return h("button", { type: "button", id, "aria-label": name, title: name, click }, icon(id));
}

function locate(map: GlMap, pressed: Pressed): void {
  if (!("geolocation" in navigator)) return pressed.said(say(WORDS.unknown));
  pressed.said(say(WORDS.asking));
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const point = { lat: coords.latitude, lon: coords.longitude };
      map.jumpTo({ center: [point.lon, point.lat], zoom: Math.max(map.getZoom(), POSITION_ZOOM) });
      pressed.here(point, coords.accuracy);
    },
    (error) => pressed.said(say(error.code === error.PERMISSION_DENIED ? WORDS.denied : WORDS.unknown)),
    { enableHighAccuracy: true, timeout: PATIENCE_MS },
  );
}
