// A code printed large, with its QR and check letter; a sheet of labels of it.

import QrCode from "qrcode-generator";
import { headers, refusal } from "../shell/api";
import { byId, fill, h } from "../shell/dom";
import { language, type Said, say } from "../shell/language";
import { checkLetter, grouped, SYSTEMS, type System } from "./codes";

const SVG = "http://www.w3.org/2000/svg";
const QUIET_MODULES = 4;

const WORDS = {
  close: { vi: "Đóng", en: "Close" },
  sheet: { vi: "In nhãn (PDF)", en: "Label sheet (PDF)" },
  print: { vi: "In trang này", en: "Print this" },
  letter: { vi: "Chữ kiểm tra", en: "Check letter" },
  scan: {
    vi: "Quét mã QR để mở địa chỉ này trên bản đồ.",
    en: "Scan the QR code to open this place on the map.",
  },
  explained: {
    vi: "Chữ kiểm tra không thuộc mã: nó phát hiện mọi chữ số gõ sai và mọi cặp chữ số đổi chỗ.",
    en: "The check letter is no part of the code: it reveals any wrong digit and any two that changed places.",
  },
  failed: { vi: "Không tạo được tờ nhãn", en: "The sheet could not be made" },
};

/** The link that a QR code holds: this map, at the code. */
export function linkTo(code: string): string {
  return `${location.origin}/#code=${encodeURIComponent(code)}`;
}

export function showCode(system: System, code: string, where: string): void {
  const dialog = byId<HTMLDialogElement>("code-card");
  const letter = system === "ndas" ? checkLetter(code) : null;
  const status = h("p", { role: "status", class: "card-status" });
  fill(
    dialog,
    h("h2", { id: "card-title" }, SYSTEMS[system]),
    h("p", { class: "large-code" }, grouped(system, code), letter && h("span", { class: "letter" }, letter)),
    letter !== null && h("p", { class: "small" }, h("strong", {}, WORDS.letter, `: ${letter}. `), WORDS.explained),
    h("p", {}, where),
    qr(linkTo(code), { vi: `Mã QR của ${code}`, en: `QR code of ${code}` }),
    h("p", { class: "small" }, WORDS.scan),
    h(
      "div",
      { class: "buttons" },
      h("button", { type: "button", class: "primary", click: () => void sheet(code, status) }, WORDS.sheet),
      h("button", { type: "button", click: () => print() }, WORDS.print),
      h("button", { type: "button", click: () => dialog.close() }, WORDS.close),
    ),
    status,
  );
  dialog.showModal();
}

/** A QR code as one path, so that it is sharp on paper. */
export function qr(text: string, title: Said): SVGSVGElement {
  const code = QrCode(0, "M");
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const dark: string[] = [];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (code.isDark(row, column)) dark.push(`M${column} ${row}h1v1h-1z`);
    }
  }
  const svg = document.createElementNS(SVG, "svg");
  const side = size + 2 * QUIET_MODULES;
  svg.setAttribute("viewBox", `${-QUIET_MODULES} ${-QUIET_MODULES} ${side} ${side}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", say(title));
  svg.setAttribute("class", "qr");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", dark.join(""));
  svg.append(path);
  return svg;
}

async function sheet(code: string, status: HTMLElement): Promise<void> {
  status.textContent = "";
  try {
    const query = new URLSearchParams({ codes: code, lang: language() });
    const response = await fetch(`/labels.pdf?${query}`, { headers: headers() });
    if (!response.ok) throw await refusal(response);
    const url = URL.createObjectURL(await response.blob());
    h("a", { href: url, download: `${code}.pdf` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (error) {
    status.textContent = error instanceof Error && error.message ? error.message : say(WORDS.failed);
  }
}
