// The two questions that a checkout has, asked of the service.

import type { Language, Said } from "./words";

export interface Unit {
  readonly code: string;
  readonly full_name: string;
  readonly parent: string | null;
}

export interface Completion {
  readonly text: string;
  readonly label: string;
  readonly kind: string;
  readonly replaces: { readonly level: string } | null;
}

export interface Component {
  readonly name: string;
  readonly value: string | null;
  readonly status: string;
  readonly why: Said;
}

/** What the service says of an address: docs/reference/http.md, `validate`. */
export interface Verdict {
  readonly verdict: "accept" | "confirm" | "fix" | "reject";
  readonly possible_next_action: string;
  readonly action_text: Said;
  readonly components: readonly Component[];
  readonly normalised: { readonly new: string | null; readonly old: string | null };
  readonly postcode: string | null;
  readonly codes: Readonly<Record<"ndas" | "vpostcode" | "plus_code", string | null>>;
  readonly candidates: readonly { readonly commune: Unit; readonly weight: number }[];
  readonly commune: Unit | null;
  readonly province: Unit | null;
}

export interface Place {
  readonly lat: number;
  readonly lon: number;
}

export interface Question {
  readonly text?: string;
  readonly components?: Readonly<Record<string, string>>;
  readonly lat?: number;
  readonly lon?: number;
}

const REMEMBERED = 50;

export class Service {
  private readonly known = new Map<string, Promise<readonly Completion[]>>();

  constructor(
    private readonly origin: string,
    private readonly language: Language,
  ) {}

  /** Completions of what was typed; the same beginning is asked once. */
  suggest(text: string): Promise<readonly Completion[]> {
    const known = this.known.get(text);
    if (known) return known;
    const asked = this.ask<{ completions: readonly Completion[] }>(`/v1/suggest?${new URLSearchParams({ q: text })}`);
    const found = asked.then((answer) => answer.completions);
    this.known.set(text, found);
    found.catch(() => this.known.delete(text));
    if (this.known.size > REMEMBERED) this.known.delete(this.known.keys().next().value as string);
    return found;
  }

  validate(question: Question, signal: AbortSignal): Promise<Verdict> {
    return this.ask<Verdict>("/v1/validate", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(question),
      signal,
    });
  }

  private async ask<T>(path: string, init: RequestInit & { headers?: Record<string, string> } = {}): Promise<T> {
    const headers = { "Accept-Language": this.language, ...init.headers };
    const response = await fetch(this.origin + path, { ...init, headers, credentials: "omit" });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return (await response.json()) as T;
  }
}
