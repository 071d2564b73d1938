// Codes as people read them: in groups, an NDAS code with its check letter.

import type { Said } from "../shell/language";

/** The letters of the check: the Latin capitals without I, O and Q. */
const LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ";

export type System = "ndas" | "vpostcode" | "plus_code" | "parcel" | "location_id" | "postcode";

export const SYSTEMS: Record<System, Said> = {
  ndas: { vi: "Mã địa chỉ số", en: "Digital address code (NDAS)" },
  vpostcode: { vi: "Vpostcode", en: "Vpostcode" },
  plus_code: { vi: "Plus Code", en: "Plus Code" },
  parcel: { vi: "Mã thửa đất (geohash)", en: "Parcel code (geohash)" },
  location_id: { vi: "Mã định danh địa điểm", en: "Location ID" },
  postcode: { vi: "Mã bưu chính", en: "Postcode" },
};

/** The check letter of ten digits: their number modulo 23. */
export function checkLetter(ndas: string): string {
  return LETTERS[Number(ndas) % LETTERS.length]!;
}

/** The code in groups that can be read aloud. */
export function grouped(system: System, code: string): string {
  if (system === "ndas") return `${code.slice(0, 5)} ${code.slice(5)}`;
  if (system === "vpostcode") return `${code.slice(0, 5)} ${code.slice(5, 8)} ${code.slice(8)}`;
  if (system === "parcel" || system === "location_id") return (code.match(/.{1,4}/g) ?? [code]).join(" ");
  return code;
}

/** Whether a text may be a code, and is no name: digits in it, and nothing but digits, letters and separators. */
export function mayBeCode(text: string): boolean {
  const compact = text.replace(/[\s.-]/g, "");
  return /^[0-9A-Z+]{8,13}$/i.test(compact) && /\d/.test(compact) && !/^[A-Z]+$/i.test(compact);
}
