// A shop that does not exist, to try the checkout widget on. It knows of the widget what any shop would: a script
// tag, the hidden fields that the form sends, and one event.

import "../shell/base.css";
import "./shop.css";
import { byId, h } from "../shell/dom";
import { apply, language, type Said, say, speaks } from "../shell/language";
import { topBar } from "../shell/top";

const WORDS = {
  title: { vi: "Đặt hàng", en: "Checkout" },
  demo: {
    vi: "Cửa hàng mẫu: không có đơn hàng nào được gửi đi. Hãy thử một địa chỉ cũ, ví dụ “5 Lê Lợi, P. Bến Nghé, Q.1, TP.HCM”.",
    en: "A demo shop: no order is sent anywhere. Try an old address, such as “5 Lê Lợi, P. Bến Nghé, Q.1, TP.HCM”.",
  },
  name: { vi: "Họ và tên", en: "Full name" },
  address: { vi: "Địa chỉ giao hàng", en: "Delivery address" },
  hint: { vi: "Số nhà, đường, xã/phường, tỉnh/thành phố", en: "Number, street, commune, province" },
  order: { vi: "Đặt hàng", en: "Place the order" },
  basket: { vi: "Giỏ hàng", en: "Your basket" },
  coffee: { vi: "Cà phê Buôn Ma Thuột, 500 g", en: "Buôn Ma Thuột coffee, 500 g" },
  filter: { vi: "Phin nhôm", en: "Aluminium drip filter" },
  total: { vi: "Tổng cộng", en: "Total" },
  sent: { vi: "Đơn hàng sẽ gửi đi những dữ liệu này:", en: "The order would send this:" },
} as const satisfies Record<string, Said>;

const PRICES: readonly (readonly [Said, number])[] = [
  [WORDS.coffee, 145_000],
  [WORDS.filter, 38_000],
];

function dong(amount: number): string {
  return new Intl.NumberFormat(language() === "vi" ? "vi-VN" : "en-GB", { style: "currency", currency: "VND" }).format(amount);
}

function order(): void {
  const form = byId<HTMLFormElement>("order");
  const sent = h("output", { id: "sent", hidden: true });
  form.append(
    h("h1", {}, WORDS.title),
    h("p", { class: "notice" }, WORDS.demo),
    h("label", { for: "name" }, WORDS.name),
    h("input", { id: "name", name: "name", autocomplete: "name", required: true, value: "Nguyễn Thị Mai" }),
    h("label", { for: "address" }, WORDS.address),
    h("div", { class: "field" }, h("input", { id: "address", name: "address", required: true, placeholder: WORDS.hint })),
    h("button", { class: "primary", type: "submit" }, WORDS.order),
    sent,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const rows = [...new FormData(form)].flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, String(value) || "–")]);
    sent.replaceChildren(h("p", {}, WORDS.sent), h("dl", {}, ...rows));
    sent.hidden = false;
  });
}

function basket(): void {
  const total = PRICES.reduce((sum, [, price]) => sum + price, 0);
  const rows = PRICES.map(([what, price]) => h("li", {}, what, h("span", {}, dong(price))));
  byId("basket").append(
    h("h2", {}, WORDS.basket),
    h("ul", {}, ...rows, h("li", { class: "total" }, WORDS.total, h("span", {}, dong(total)))),
  );
}

topBar(byId("top"), "shop");
order();
basket();
apply();
speaks(document.querySelector("title") as Element, { vi: "Cửa hàng mẫu · geoaddr", en: "Demo shop · geoaddr" });
document.title = say({ vi: "Cửa hàng mẫu · geoaddr", en: "Demo shop · geoaddr" });
document.documentElement.setAttribute("data-ready", "");
