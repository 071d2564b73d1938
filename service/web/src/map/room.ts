// What the cards leave of the window for the map.

import { byId } from "../shell/dom";

export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

const WIDE = "(min-width: 721px)";
const BUTTONS_PX = 72;
const EDGE_PX = 16;
/** How much of a phone's window the panel of a place may take, above the slider; so in map.css. */
const PANEL_SHARE = 0.4;

/** `withPanel`: the panel of a place is, or will be, open. */
export function room(withPanel: boolean): Padding {
  const head = byId("head").getBoundingClientRect();
  const below = innerHeight - byId("days").getBoundingClientRect().top + EDGE_PX;
  if (matchMedia(WIDE).matches) return { top: EDGE_PX, right: BUTTONS_PX, bottom: below, left: head.right + EDGE_PX };
  const panel = withPanel ? innerHeight * PANEL_SHARE : 0;
  return { top: head.bottom + EDGE_PX, right: EDGE_PX, bottom: below + panel, left: EDGE_PX };
}
