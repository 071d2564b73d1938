// The shop's fields: what the buyer typed into them, and what the answer writes back.

import type { Question, Unit, Verdict } from "./service";

export const NAMES = ["text", "commune", "district", "province", "postcode", "code"] as const;
export type Name = (typeof NAMES)[number];
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Names under which the form sends what was found, so that the shop's server needs no code of its own. */
const SENT = ["verdict", "new", "old", "commune", "postcode", "code"] as const;

export class Fields {
  readonly text: HTMLInputElement | HTMLTextAreaElement;
  private readonly others = new Map<Name, Field>();
  private readonly sent = new Map<(typeof SENT)[number], HTMLInputElement>();

  constructor(selectors: Readonly<Partial<Record<Name, string>>>) {
    const text = selectors.text ? document.querySelector(selectors.text) : null;
    if (!(text instanceof HTMLInputElement || text instanceof HTMLTextAreaElement))
      throw new Error(`geoaddr: no text field at ${selectors.text ?? "data-text"}`);
    this.text = text;
    for (const name of NAMES) {
      const found = name !== "text" && selectors[name] ? document.querySelector<Field>(selectors[name]) : null;
      if (found) this.others.set(name, found);
    }
    for (const name of SENT) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: `geoaddr_${name}` });
      text.form?.append(input);
      this.sent.set(name, input);
    }
  }

  get all(): readonly Field[] {
    return [this.text, ...this.others.values()];
  }

  /** What the buyer stated; `null` while there is nothing to judge. */
  question(): Question | null {
    const text = this.text.value.trim();
    if (text.length < 4) return null;
    const code = said(this.others.get("code"));
    const stated = [...this.others].filter(([name]) => name !== "code").map(([name, field]) => [name, said(field)] as const);
    const components = Object.fromEntries(stated.filter(([, value]) => value));
    return {
      text,
      ...(Object.keys(components).length ? { components } : {}),
      ...(code ? { code } : {}),
    } as Question;
  }

  /** Put the new address where the old one stood: the units into their own fields, where the form has these. */
  write(verdict: Verdict): void {
    const { commune, province, postcode, normalised } = verdict;
    if (!normalised.new) return;
    const apart = this.others.has("commune") && set(this.others.get("province"), province?.full_name ?? "", province?.code);
    if (apart) {
      const units = `, ${commune?.full_name ?? ""}, ${province?.full_name ?? ""}`;
      set(this.text, normalised.new.endsWith(units) ? normalised.new.slice(0, -units.length) : normalised.new);
      set(this.others.get("commune"), commune?.full_name ?? "", commune?.code);
    } else set(this.text, normalised.new);
    set(this.others.get("district"), "");
    set(this.others.get("postcode"), postcode ?? "");
  }

  /** Let the form send a verdict along; without one, that there is none. While the address is not settled, the rest
   * of the answer is one reading of several, which the shop must not take for the buyer's. */
  tell(verdict: Verdict | null, chosen: Unit | null): void {
    const answer = verdict && isSettled(verdict, chosen) ? verdict : null;
    const told = {
      verdict: verdict?.verdict,
      new: answer?.normalised.new,
      old: answer?.normalised.old,
      commune: answer?.commune?.code,
      postcode: answer?.postcode,
      code: answer && best(answer.codes),
    };
    for (const [name, input] of this.sent) input.value = told[name] ?? "";
  }
}

/** Whether there is one answer: the service stands behind it, or the buyer chose its commune. */
function isSettled({ verdict, commune }: Verdict, chosen: Unit | null): boolean {
  return verdict === "accept" || verdict === "confirm" || (chosen !== null && commune?.code === chosen.code);
}

/** The code that says most of a place, of those that are known. */
export function best(codes: Verdict["codes"]): string | null {
  return codes.ndas ?? codes.vpostcode ?? codes.plus_code;
}

function said(field: Field | undefined): string {
  if (field instanceof HTMLSelectElement) return field.value ? (field.selectedOptions[0]?.text.trim() ?? "") : "";
  return field?.value.trim() ?? "";
}

/** Whether the field took the value; a list of choices takes what is among them, under a long or short name. */
function set(field: Field | undefined, value: string, code?: string): boolean {
  if (!field) return false;
  if (field instanceof HTMLSelectElement) {
    const wanted = [bare(value), code ?? ""];
    const option = [...field.options].find((each) => wanted.includes(bare(each.text)) || each.value === code);
    if (!option) return false;
    field.value = option.value;
  } else field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

function bare(name: string): string {
  return name.trim().toLowerCase().normalize("NFC").replace(/^(thành phố|tỉnh|tp\.?)\s+/u, "");
}
