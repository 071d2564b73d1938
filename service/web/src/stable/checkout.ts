// <script type="module" src="https://.../checkout.js" data-text="#address"></script>, or
// import { attach } from "https://.../checkout.js". What it may be told stands in docs/how-to/checkout-widget.md.

import { attach, type Options } from "../checkout/attach";
import { fromScript } from "../checkout/options";

export { attach, type Options };

const here = new URL(import.meta.url);
for (const script of document.querySelectorAll<HTMLScriptElement>("script[src]")) {
  const named = Object.keys(script.dataset).length > 0;
  if (named && new URL(script.src, location.href).href === here.href) attach(fromScript(script, here.origin));
}
