// What the page itself says.

import { byId } from "../shell/dom";
import { type Said, speaks } from "../shell/language";

export const WORDS = {
  map: {
    vi: "Bản đồ. Phím mũi tên để di chuyển, cộng và trừ để phóng to thu nhỏ, Enter để xem vị trí ở giữa.",
    en: "Map. Arrow keys move it, plus and minus zoom, Enter looks at the place in the middle.",
  },
  chosen: { vi: "Vị trí đang xem", en: "The place that is looked at" },
  nothing: { vi: "Mã này không chỉ nơi nào", en: "This code names no place" },
  drawing: {
    vi: "Đang dựng đường ranh của bản đồ, một lần cho gói dữ liệu này…",
    en: "The map's outlines are being drawn, once for this pack…",
  },
  failed: { vi: "Không hỏi được dịch vụ", en: "The service cannot be reached" },
  shared: { vi: "Đã chép liên kết", en: "Link copied" },
};

const TEXTS: Record<string, Said> = {
  skip: { vi: "Tới ô tìm kiếm", en: "Skip to search" },
  title: { vi: "Địa chỉ số Việt Nam", en: "Viet Nam digital addresses" },
  language: { vi: "English", en: "Tiếng Việt" },
  "search-label": { vi: "Tìm địa chỉ, đơn vị hành chính hoặc mã", en: "Find an address, a unit or a code" },
  "search-button": { vi: "Tìm", en: "Find" },
  "days-title": { vi: "Thời gian", en: "Time" },
  "day-label": { vi: "Đơn vị hành chính ngày", en: "Units on" },
  before: { vi: "Trước 1/7/2025", en: "Before the reform" },
  today: { vi: "Hiện nay", en: "Today" },
};

/** Give every element of the page's HTML its words. */
export function speakPage(): void {
  for (const [id, words] of Object.entries(TEXTS)) speaks(byId(id), words);
  speaks(byId("search"), { vi: "Địa chỉ, xã, phường hoặc mã", en: "Address, commune or code" }, "placeholder");
  speaks(byId("suggestions"), { vi: "Gợi ý", en: "Suggestions" }, "aria-label");
  speaks(byId("head"), { vi: "Tìm kiếm", en: "Search" }, "aria-label");
  speaks(byId("place"), { vi: "Vị trí", en: "Place" }, "aria-label");
  speaks(byId("language"), { vi: "Switch to English", en: "Chuyển sang tiếng Việt" }, "title");
  byId("language").setAttribute("lang", "");
  speaks(document.querySelector("title") as Element, TEXTS.title!);
}
