// What a shop tells the widget: which fields there are, in which language, and what to do with a verdict.

import { NAMES, type Name } from "./fields";
import type { Language } from "./words";

export interface Options {
  /** Selectors of the form's fields. `text` is the line that the buyer types, with or without the units. */
  readonly fields: Readonly<Partial<Record<Name, string>>>;
  /** The origin of the service; by default the one that the script came from. */
  readonly service?: string;
  readonly language?: Language;
  /** Offer to use the device's position, which gives a code of the place. */
  readonly position?: boolean;
  /** Keep the form from being sent while the verdict is `reject`, or `fix` too. */
  readonly block?: "reject" | "fix";
}

const PRESETS: Readonly<Record<string, Partial<Record<Name, string>>>> = {
  woocommerce: { text: "#billing_address_1", commune: "#billing_city", province: "#billing_state", postcode: "#billing_postcode" },
};

/** The options that a script tag states in its `data-` attributes. */
export function fromScript(script: HTMLScriptElement, origin: string): Options {
  const { preset = "", lang, position, block, service } = script.dataset;
  const named = NAMES.flatMap((name) => (script.dataset[name] ? [[name, script.dataset[name]] as const] : []));
  return {
    fields: { ...PRESETS[preset], ...Object.fromEntries(named) },
    service: service ?? origin,
    ...(lang === "vi" || lang === "en" ? { language: lang } : {}),
    ...(position !== undefined ? { position: true } : {}),
    ...(block === "reject" || block === "fix" ? { block } : {}),
  };
}
