// The field for an access key. A key stays in this tab, and travels in a header alone: never in an address.

import { sessionKey } from "./api";
import { h } from "./dom";
import type { Said } from "./language";

export const KEY_WORDS = {
  key: { vi: "Khóa truy cập", en: "Access key" },
  hint: {
    vi: "Chỉ giữ trong thẻ trình duyệt này cho đến khi đóng.",
    en: "Kept in this browser tab alone, until it is closed.",
  },
} satisfies Record<string, Said>;

export interface KeyField {
  readonly input: HTMLInputElement;
  /** The label, the field and the sentence about where a key is kept. */
  readonly parts: readonly HTMLElement[];
}

/** A field that holds the key of this tab. What is typed counts once `useKey` is told. */
export function keyField(): KeyField {
  const input = h("input", {
    type: "password",
    id: "access-key",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": "access-key-hint",
    value: sessionKey(),
  });
  const hint = h("p", { class: "small", id: "access-key-hint" }, KEY_WORDS.hint);
  return { input, parts: [h("label", { for: input.id }, KEY_WORDS.key), input, hint] };
}
