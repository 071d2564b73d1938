// What is said of a find that is not what was typed: a point in the middle of something larger.

import type { Said } from "../shell/language";
import type { Target } from "./types";

const NUMBERED = /^\s*(số\s+)?\d/i;

const NOTES = {
  commune: {
    vi: "Tìm được đến xã, phường. Điểm này ở giữa xã, phường, không phải một địa chỉ.",
    en: "Found as far as the commune. This point lies in its middle and is no address.",
  },
  street: {
    vi: "Tìm được đường và xã, phường của nó. Điểm này ở giữa xã, phường, không phải một địa chỉ.",
    en: "Found the street and its commune. This point lies in the middle of the commune and is no address.",
  },
  number: {
    vi: "Chưa biết số nhà này. Điểm này nằm trên đường.",
    en: "This house number is not known. The point lies on the street.",
  },
  near: {
    vi: "Chưa biết số nhà này. Điểm này được ước lượng theo các nhà gần đó.",
    en: "This house number is not known. The point is estimated from houses nearby.",
  },
} satisfies Record<string, Said>;

/** The sentence for a target that was found for a text; undefined where it is what was asked for. */
export function noteOf(target: Target, typed: string): Said | undefined {
  const level = target.match_level ?? target.kind;
  if (!target.point) return !target.commune ? undefined : level === "commune" ? NOTES.commune : NOTES.street;
  if (level === "commune") return NOTES.commune;
  if (level === "interpolated") return NOTES.near;
  return level === "street" && NUMBERED.test(typed) ? NOTES.number : undefined;
}
