// The card for an access key: with one, the map shows addresses.

import { ask, Refused, sessionKey, useKey } from "../shell/api";
import { byId, fill, h } from "../shell/dom";
import { keyField, KEY_WORDS } from "../shell/key";
import { say } from "../shell/language";
import type { Described } from "./types";

const WORDS = {
  about: {
    vi: "Cơ quan và doanh nghiệp có khóa xem được địa chỉ và vị trí mà khóa cho phép; các điểm địa chỉ hiện ra khi phóng to.",
    en: "Authorities and businesses with a key see the addresses and points that it opens; points appear as one zooms in.",
  },
  use: { vi: "Dùng khóa", en: "Use the key" },
  forget: { vi: "Quên khóa", en: "Forget the key" },
  close: { vi: "Đóng", en: "Close" },
  missing: { vi: "Hãy nhập khóa.", en: "Type a key." },
  failed: { vi: "Không hỏi được dịch vụ", en: "The service cannot be reached" },
  shown: { vi: "Khóa được nhận: bản đồ hiện điểm địa chỉ khi phóng to.", en: "Key accepted: zoom in to see address points." },
  part: {
    vi: "Khóa được nhận. Bản đồ không hiện điểm địa chỉ, vì khóa không mở cả địa chỉ lẫn vị trí trong cả nước.",
    en: "Key accepted. The map shows no address points, since the key does not open both addresses and points in the whole country.",
  },
  forgotten: { vi: "Đã quên khóa", en: "The key is forgotten" },
};

/** Told of a change: what to say of it. */
export type KeyChanged = (message: string) => void;

/** Whether this tab has a key, on the button that opens the card. */
export function showKept(): void {
  byId("key").setAttribute("aria-pressed", String(sessionKey() !== ""));
}

export function openKeyCard(changed: KeyChanged): void {
  const dialog = byId<HTMLDialogElement>("key-card");
  const { input, parts } = keyField();
  const status = h("p", { role: "status", class: "card-status" });
  const done = (message: string) => {
    dialog.close();
    showKept();
    changed(message);
  };
  const forget = () => {
    useKey("");
    done(say(WORDS.forgotten));
  };
  const form = h(
    "form",
    { class: "key-form" },
    ...parts,
    h(
      "div",
      { class: "buttons" },
      h("button", { type: "submit", class: "primary" }, WORDS.use),
      sessionKey() !== "" && h("button", { type: "button", click: forget }, WORDS.forget),
      h("button", { type: "button", click: () => dialog.close() }, WORDS.close),
    ),
    status,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void tried(input.value.trim()).then(done, (error: unknown) => {
      status.textContent = error instanceof Refused ? error.message : say(WORDS.failed);
    });
  });
  fill(dialog, h("h2", { id: "key-title" }, KEY_WORDS.key), h("p", {}, WORDS.about), form);
  dialog.showModal();
  input.focus();
}

/** Keep a key if the service takes it. Throws `Refused`, and keeps the former one, where it does not. */
async function tried(key: string): Promise<string> {
  if (key === "") throw new Refused(0, say(WORDS.missing));
  const former = sessionKey();
  useKey(key);
  try {
    const { geoaddr } = await ask<Described>("/tiles.json");
    return say(geoaddr.addresses ? WORDS.shown : WORDS.part);
  } catch (error) {
    useKey(former);
    throw error;
  }
}
