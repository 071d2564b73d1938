// Every sentence of the widget that the service does not send itself.

export type Language = "vi" | "en";

export interface Said {
  readonly vi: string;
  readonly en: string;
}

export const VERDICTS: Readonly<Record<string, Said>> = {
  accept: { vi: "Địa chỉ dùng được", en: "This address can be used" },
  confirm: { vi: "Xin kiểm tra lại", en: "Please check this" },
  fix: { vi: "Cần sửa địa chỉ", en: "This address needs a change" },
  reject: { vi: "Chưa nhận ra địa chỉ", en: "This is not an address that we know" },
};

export const WORDS = {
  address: { vi: "Địa chỉ mới", en: "New address" },
  code: { vi: "Mã địa chỉ", en: "Address code" },
  detail: { vi: "Vì sao?", en: "Why?" },
  formerly: { vi: "Địa chỉ cũ", en: "Former address" },
  fewer: { vi: "Không có gợi ý", en: "No suggestions" },
  many: { vi: "gợi ý; dùng phím mũi tên để chọn", en: "suggestions; use the arrow keys to choose" },
  meant: { vi: "Có phải bạn muốn ghi:", en: "Did you mean:" },
  position: { vi: "Lấy mã theo vị trí của tôi", en: "Add the code of where I am" },
  postcode: { vi: "Mã bưu chính", en: "Postcode" },
  refused: { vi: "Thiết bị không cho biết vị trí", en: "The device did not tell its position" },
  suggestions: { vi: "Gợi ý địa chỉ", en: "Suggested addresses" },
  unasked: { vi: "Chưa kiểm tra được địa chỉ; bạn vẫn có thể đặt hàng.", en: "The address could not be checked; you can order all the same." },
  use: { vi: "Dùng địa chỉ này", en: "Use this address" },
} as const satisfies Readonly<Record<string, Said>>;

/** The language of the shop's page; Vietnamese where it states another one. */
export function pageLanguage(): Language {
  return document.documentElement.lang.toLowerCase().startsWith("en") ? "en" : "vi";
}
