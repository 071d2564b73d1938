// The map page's beginning: words and search at once; the map itself, which is large, as soon as it is there.

import "../shell/base.css";
import "./map.css";
import { ask, KEY_REFUSED, Refused, sessionKey, useKey } from "../shell/api";
import { byId } from "../shell/dom";
import { apply, language, say, switchTo } from "../shell/language";
import { Search } from "./search";
import { readState } from "./state";
import type { Described } from "./types";
import type { View } from "./view";
import { speakPage, WORDS } from "./words";

const RETRY_AFTER_MS = 3000;

const said = byId("said");
const state = readState(location.hash);

speakPage();
apply();
byId("language").addEventListener("click", () => switchTo(language() === "vi" ? "en" : "vi"));

// A link that is followed on the map itself; of the skip link's place nothing is to be opened.
addEventListener("hashchange", () => /[#&](map|at|code|day)=/.test(location.hash) && location.reload());

let view: View | undefined;
const opened = start();
opened.then((there) => (view = there)).catch(tell);
new Search({
  near: () => view?.near() ?? null,
  found: (target, typed) => void opened.then((there) => there.found(target, typed)).catch(tell),
  resolved: (resolved) => void opened.then((there) => there.resolved(resolved)).catch(tell),
  said: (message) => (said.textContent = message),
}).begin();

async function start(): Promise<View> {
  const [{ openView }, described] = await Promise.all([import("./view"), describe(state.day ?? undefined)]);
  return openView(state, described, { describe, tell });
}

/** What there is on a day; asked again while the outlines are still being drawn. A key that opens nothing any more
 * is forgotten. */
async function describe(day: string | undefined): Promise<Described> {
  for (;;) {
    try {
      const described = await ask<Described>("/tiles.json", { as_of: day });
      if (described.geoaddr.ready) return described;
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== KEY_REFUSED || sessionKey() === "") throw error;
      useKey("");
      tell(error);
      continue;
    }
    said.textContent = say(WORDS.drawing);
    await new Promise((done) => setTimeout(done, RETRY_AFTER_MS));
    said.textContent = "";
  }
}

function tell(error: unknown): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  said.textContent = error instanceof Refused ? error.message : say(WORDS.failed);
}
