// Questions to the service that the page came from.

import { language } from "./language";

const KEY = "geoaddr.key";

/** The status of an answer to a key that is unknown, revoked or expired. */
export const KEY_REFUSED = 401;

/** An answer that is no success; `message` is the service's own sentence, in the language asked for. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly field: string | null = null,
  ) {
    super(message);
  }
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** The headers of every question: the language, and the key of this tab where one was given. */
export function headers(): Record<string, string> {
  const key = sessionKey();
  return { "Accept-Language": language(), ...(key ? { Authorization: `Bearer ${key}` } : {}) };
}

export function sessionKey(): string {
  try {
    return sessionStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

/** Keep a key until the tab is closed; an empty one is forgotten. */
export function useKey(key: string): void {
  if (key) sessionStorage.setItem(KEY, key);
  else sessionStorage.removeItem(KEY);
}

/** GET a JSON answer. Throws `Refused` for a problem document, and whatever `fetch` throws. */
export async function ask<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  const response = await fetch(search ? `${path}?${search}` : path, { headers: headers(), signal: signal ?? null });
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as T;
}

/** The `Refused` that an answer stands for. */
export async function refusal(response: Response): Promise<Refused> {
  const problem = (await response.json().catch(() => ({}))) as { detail?: string; field?: string | null };
  return new Refused(response.status, problem.detail ?? response.statusText, problem.field ?? null);
}
