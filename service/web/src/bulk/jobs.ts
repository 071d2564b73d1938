// Jobs of the service: send a file, watch, fetch what came of it. docs/reference/http.md, "Jobs".

import { ask, headers, refusal, Refused } from "../shell/api";

export interface Job {
  readonly id: string;
  readonly status: "queued" | "running" | "done" | "failed";
  readonly rows_done: number;
  readonly rows: number | null;
  readonly progress: number | null;
  readonly result: string | null;
  readonly report: string | null;
  readonly problem: { readonly detail: string } | null;
  readonly expires: string | null;
}

export type Options = Readonly<Record<string, string>>;

const TYPES = { csv: "text/csv", parquet: "application/vnd.apache.parquet" } as const;

/** Send a file; `told` learns which share of it is sent. Throws `Refused` where the service does not take it. */
export function send(file: File, kind: keyof typeof TYPES, options: Options, told: (share: number) => void): Promise<Job> {
  const request = new XMLHttpRequest(); // fetch does not tell how much is sent
  request.open("POST", `/v1/jobs?${new URLSearchParams(options)}`);
  for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
  request.setRequestHeader("Content-Type", TYPES[kind]);
  request.upload.addEventListener("progress", (event) => event.lengthComputable && told(event.loaded / event.total));
  return new Promise((resolve, reject) => {
    request.addEventListener("load", () => {
      const answer = parsed(request.responseText) as Partial<Job> & { detail?: string; field?: string };
      if (request.status === 202) resolve(answer as Job);
      else reject(new Refused(request.status, answer.detail ?? request.statusText, answer.field ?? null));
    });
    request.addEventListener("error", () => reject(new TypeError("network")));
    request.send(file);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

export function state(id: string): Promise<Job> {
  return ask<Job>(`/v1/jobs/${encodeURIComponent(id)}`);
}

/** How many rows have which status. */
export async function statuses(id: string): Promise<Readonly<Record<string, number>>> {
  const report = await ask<{ counts: { status?: Record<string, number> } }>(`/v1/jobs/${encodeURIComponent(id)}/report`);
  return report.counts.status ?? {};
}

export async function cancel(id: string): Promise<void> {
  const response = await fetch(`/v1/jobs/${encodeURIComponent(id)}`, { method: "DELETE", headers: headers() });
  if (!response.ok && response.status !== 404) throw await refusal(response);
}

/** Save an answer as a file: a link alone could not carry the key. */
export async function save(path: string): Promise<void> {
  const response = await fetch(path, { headers: headers() });
  if (!response.ok) throw await refusal(response);
  const stated = response.headers.get("Content-Disposition") ?? "";
  const named = /filename\*=UTF-8''([^;]+)/i.exec(stated) ?? /filename="?([^";]+)"?/i.exec(stated);
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = decodeURIComponent(named?.[1] ?? "report.html");
  link.click();
  URL.revokeObjectURL(url);
}
