// The first rows of a file, read in the browser, to choose columns by: the service reads the file itself, and better.

const READ_BYTES = 64 * 1024;
const SEPARATORS = [",", ";", "\t", "|"] as const;

export interface Beginning {
  readonly kind: "csv" | "parquet";
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function kindOf(name: string): "csv" | "parquet" | null {
  if (/\.(csv|tsv|txt)$/i.test(name)) return "csv";
  return /\.(parquet|pq)$/i.test(name) ? "parquet" : null;
}

/** The columns and up to `most` rows; of a Parquet file neither, since its names stand at its end. */
export async function beginning(file: File, most = 5): Promise<Beginning> {
  const kind = kindOf(file.name) ?? "csv";
  if (kind === "parquet") return { kind, columns: [], rows: [] };
  const text = new TextDecoder("utf-8").decode(await file.slice(0, READ_BYTES).arrayBuffer());
  const [columns = [], ...rows] = records(text, separator(text), most + 1);
  return { kind, columns, rows };
}

/** The one that parts the first line into most fields. */
function separator(text: string): string {
  const line = text.slice(0, Math.max(text.search(/[\r\n]/), 0) || text.length);
  const count = (each: string) => line.split(each).length;
  return SEPARATORS.reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** Up to `most` records of RFC 4180: quoted fields may hold separators, line ends and doubled quotes. */
export function records(text: string, separator: string, most: number): string[][] {
  const found: string[][] = [];
  let record: string[] = [];
  let field = "";
  let quoted = false;
  for (let at = 0; at < text.length && found.length < most; at++) {
    const letter = text.charAt(at);
    if (quoted) {
      if (letter !== '"') field += letter;
      else if (text.charAt(at + 1) === '"') field += text.charAt(++at);
      else quoted = false;
    } else if (letter === '"' && field === "") quoted = true;
    else if (letter === separator) {
      record.push(field);
      field = "";
    } else if (letter === "\n" || letter === "\r") {
      if (letter === "\r" && text.charAt(at + 1) === "\n") at++;
      if (field || record.length) found.push([...record, field]);
      [record, field] = [[], ""];
    } else field += letter;
  }
  if ((field || record.length) && found.length < most) found.push([...record, field]);
  return found;
}

const LIKELY: Readonly<Record<string, RegExp>> = {
  text: /dia ?chi|address|addr\b|text/,
  lat: /^(lat|latitude|vi ?do|y)$/,
  lon: /^(lon|lng|long|longitude|kinh ?do|x)$/,
  code: /ndas|ma ?dia ?chi|\bcode\b|\bma\b|vpostcode|plus/,
};

/** The column that a role most likely has, by its name. */
export function likely(role: string, columns: readonly string[]): string | undefined {
  return columns.find((column) => LIKELY[role]?.test(folded(column)));
}

function folded(name: string): string {
  const bare = name.toLowerCase().replaceAll("đ", "d").normalize("NFD").replaceAll(/\p{M}/gu, "");
  return bare.replaceAll(/[_\-.]+/g, " ").trim();
}
