// The bar above the pages beside the map: where one is, where one may go, and the language.

import "./top.css";
import { h } from "./dom";
import { language, onLanguage, type Said, switchTo } from "./language";

const PAGES: readonly (readonly [name: string, path: string, words: Said])[] = [
  ["map", "/", { vi: "Bản đồ", en: "Map" }],
  ["bulk", "/bulk", { vi: "Xử lý tệp", en: "Files" }],
  ["shop", "/shop", { vi: "Cửa hàng mẫu", en: "Demo shop" }],
];

/** Fill the header element of a page. */
export function topBar(header: HTMLElement, here: string): void {
  const links = PAGES.map(([name, path, words]) =>
    h("a", { href: path, ...(name === here ? { "aria-current": "page" } : {}) }, words),
  );
  const other = h("button", { type: "button", class: "language" });
  const name = () => {
    other.textContent = language() === "vi" ? "English" : "Tiếng Việt";
    other.lang = language() === "vi" ? "en" : "vi";
  };
  other.addEventListener("click", () => switchTo(language() === "vi" ? "en" : "vi"));
  onLanguage(name);
  name();
  header.className = "top";
  header.append(h("span", { class: "brand" }, "geoaddr"), h("nav", { "aria-label": { vi: "Các trang", en: "Pages" } }, ...links), other);
}
