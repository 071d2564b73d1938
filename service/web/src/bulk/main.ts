// A file of addresses, from the drop to the result.

import "../shell/base.css";
import "./bulk.css";
import { byId, h } from "../shell/dom";
import { apply, say, speaks } from "../shell/language";
import { topBar } from "../shell/top";
import { jobForm } from "./form";
import { type Options, send } from "./jobs";
import { beginning, type Beginning, kindOf } from "./sniffing";
import { Watch } from "./watching";
import { WORDS } from "./words";

const main = byId("bulk");
const work = h("div", { id: "work", "aria-live": "polite" });

function dropZone(): HTMLElement {
  const input = h("input", { type: "file", id: "file", accept: ".csv,.tsv,.txt,.parquet,.pq" });
  const zone = h("div", { class: "drop" }, h("p", {}, WORDS.drop), h("label", { for: "file", class: "button" }, WORDS.pick), input);
  input.addEventListener("change", () => void take(input.files?.[0]));
  for (const name of ["dragover", "dragleave", "drop"] as const) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", name === "dragover");
    });
  }
  zone.addEventListener("drop", (event) => void take(event.dataTransfer?.files[0]));
  return zone;
}

async function take(file: File | undefined): Promise<void> {
  if (!file) return;
  const name = h("p", { class: "file" }, h("strong", {}, file.name));
  if (!kindOf(file.name)) return work.replaceChildren(name, h("p", { class: "notice" }, WORDS.wrongKind));
  const about = await beginning(file);
  const unread = about.kind === "csv" && about.columns.length === 0;
  if (unread) return work.replaceChildren(name, h("p", { class: "notice" }, WORDS.unread));
  const start = (options: Options) => void run(file, about, options);
  work.replaceChildren(name, preview(about), jobForm(file, about, start));
}

function preview(about: Beginning): HTMLElement {
  if (about.kind === "parquet") return h("p", { class: "small" }, WORDS.parquet);
  const head = h("tr", {}, ...about.columns.map((column) => h("th", { scope: "col" }, column)));
  const rows = about.rows.map((row) => h("tr", {}, ...row.map((value) => h("td", {}, value))));
  const table = h("table", {}, h("caption", {}, WORDS.beginning), h("thead", {}, head), h("tbody", {}, ...rows));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": WORDS.beginning }, table);
}

async function run(file: File, about: Beginning, options: Options): Promise<void> {
  const watch = new Watch();
  work.querySelector(".watch")?.remove();
  work.append(watch.box);
  watch.box.scrollIntoView({ block: "nearest" });
  try {
    const job = await send(file, about.kind, options, (share) => watch.sent(share));
    history.replaceState(null, "", `#${job.id}`);
    await watch.follow(job.id);
  } catch (error) {
    watch.refused(error);
  }
}

/** A job that an earlier visit began: its id is in the address. */
function resume(): void {
  const id = location.hash.slice(1);
  if (!/^[\w-]{22}$/.test(id)) return;
  const watch = new Watch();
  work.replaceChildren(watch.box);
  void watch.follow(id);
}

topBar(byId("top"), "bulk");
main.append(h("h1", {}, WORDS.title), h("p", { class: "lead" }, WORDS.lead), dropZone(), work);
apply();
speaks(document.querySelector("title") as Element, { vi: "Xử lý tệp · geoaddr", en: "Files · geoaddr" });
document.title = say({ vi: "Xử lý tệp · geoaddr", en: "Files · geoaddr" });
resume();
document.documentElement.setAttribute("data-ready", "");
