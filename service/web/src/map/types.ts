// What the service answers, as far as the map reads it.

export interface Point {
  readonly lat: number;
  readonly lon: number;
}

export interface Unit {
  readonly level: "province" | "district" | "commune";
  readonly code: string;
  readonly name: string;
  readonly full_name: string;
  readonly type: string;
  readonly parent: string | null;
  readonly legal_basis: string | null;
}

export interface WeighedUnit extends Unit {
  readonly weight: number;
}

export interface Located {
  readonly point: Point;
  readonly as_of: string;
  readonly inside: boolean;
  readonly province: Unit | null;
  readonly district: Unit | null;
  readonly commune: Unit | null;
  readonly candidates: readonly WeighedUnit[];
  readonly postcode: string | null;
  readonly vpostcode: string | null;
  readonly plus_code: string;
  readonly parcel_geohash: string;
  readonly boundary_accuracy: "exact" | "approximate";
  readonly edge_distance_m: number | null;
  readonly neighbour: Unit | null;
  readonly basis: "boundary" | "succession";
}

export interface Completion {
  readonly text: string;
  readonly label: string;
  readonly kind: "province" | "commune" | "street" | "place" | "house";
  readonly province: Unit | null;
  readonly commune: Unit | null;
  readonly ndas: string | null;
  readonly point: Point | null;
}

/** How far a search followed a text. */
export type MatchLevel = "house" | "interpolated" | "building" | "poi" | "street" | "hamlet" | "commune" | "province";

/** What can be gone to: a point, or else the ground of a unit. */
export interface Target {
  readonly label: string;
  readonly kind?: Completion["kind"];
  readonly match_level?: MatchLevel;
  readonly weight?: number;
  readonly point: Point | null;
  readonly commune: Unit | null;
  readonly province: Unit | null;
  readonly ndas?: string | null;
}

export interface Matches {
  readonly features: readonly { readonly properties: Target }[];
}

export interface Reading {
  readonly system: "ndas" | "vpostcode" | "plus_code" | "location_id" | "parcel";
  readonly code: string;
  readonly status: string;
  readonly point: Point | null;
  readonly province: Unit | null;
  readonly commune: Unit | null;
  readonly vpostcode: string | null;
  readonly plus_code: string | null;
  readonly address: object | null;
}

export interface Resolved {
  readonly input: string;
  readonly readings: readonly Reading[];
}

export interface Level {
  readonly level: Unit["level"];
  readonly units: number;
  readonly basis: "boundary" | "succession" | null;
  readonly accuracy: "exact" | "approximate" | null;
}

/** `/tiles.json`. */
export interface Described {
  readonly tiles: readonly string[];
  readonly maxzoom: number;
  readonly attribution: string;
  readonly geoaddr: {
    readonly as_of: string;
    readonly changes: readonly string[];
    readonly levels: readonly Level[];
    readonly ready: boolean;
    readonly addresses: boolean;
    readonly pack: { readonly name: string; readonly version: string; readonly date: string };
    readonly base_map: { readonly url: string; readonly attribution: string } | null;
  };
}
