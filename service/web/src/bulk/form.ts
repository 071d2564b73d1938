// What to do with the file, and with which of its columns.

import { useKey } from "../shell/api";
import { h } from "../shell/dom";
import { keyField, KEY_WORDS } from "../shell/key";
import type { Said } from "../shell/language";
import type { Options } from "./jobs";
import { type Beginning, likely } from "./sniffing";
import { type Verb, VERBS, WORDS } from "./words";

const ROLES: Readonly<Record<Verb, readonly ("text" | "lat" | "lon" | "code")[]>> = {
  convert: ["text"],
  validate: ["text"],
  parse: ["text"],
  geocode: ["text"],
  locate: ["lat", "lon"],
  resolve: ["code"],
};

let made = 0;

/** The form for a file; `started` gets the options of a job. */
export function jobForm(file: File, about: Beginning, started: (options: Options) => void): HTMLFormElement {
  const verb = choice(Object.entries(VERBS), likely("text", about.columns) || !likely("lat", about.columns) ? "convert" : "locate");
  const columns = h("div", { class: "columns" });
  const to = choice([["new", WORDS.toNew], ["old", WORDS.toOld]], "new");
  const out = choice([["csv", "CSV"], ["xlsx", "Excel"], ["parquet", "Parquet"]], about.kind);
  const key = keyField();
  const chosen = new Map<string, HTMLInputElement | HTMLSelectElement>();
  const arrange = () => {
    const doing = verb.value as Verb;
    chosen.clear();
    const fields = ROLES[doing].map((role) => {
      const input = columnChoice(role, about);
      chosen.set(role, input);
      return labelled(WORDS[role], input);
    });
    columns.replaceChildren(...fields.flat(), ...(doing === "convert" ? labelled(WORDS.to, to) : []));
  };
  verb.addEventListener("change", arrange);
  arrange();
  const form = h(
    "form",
    { class: "job" },
    ...labelled(WORDS.task, verb),
    columns,
    ...labelled(WORDS.out, out),
    h("details", {}, h("summary", {}, KEY_WORDS.key), ...key.parts),
    h("button", { class: "primary", type: "submit" }, WORDS.start),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    useKey(key.input.value.trim());
    const asked = [...chosen].map(([role, input]) => [role, input.value] as const);
    const more = verb.value === "convert" ? { to: to.value } : {};
    started({ verb: verb.value, name: file.name, out: out.value, ...Object.fromEntries(asked), ...more });
  });
  return form;
}

function labelled(words: Said, input: HTMLElement): [HTMLElement, HTMLElement] {
  input.id ||= `field-${++made}`;
  return [h("label", { for: input.id }, words), input];
}

function choice(options: readonly (readonly [string, Said | string])[], chosen: string): HTMLSelectElement {
  return h("select", {}, ...options.map(([value, words]) => h("option", { value, selected: value === chosen }, words)));
}

/** Of a Parquet file the browser does not know the columns: their name is typed. */
function columnChoice(role: string, about: Beginning): HTMLInputElement | HTMLSelectElement {
  if (about.columns.length === 0) return h("input", { type: "text", required: true, value: role === "text" ? "address" : role });
  return choice(about.columns.map((column) => [column, column]), likely(role, about.columns) ?? about.columns[0] ?? "");
}
