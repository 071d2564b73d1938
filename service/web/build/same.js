// Whether two built folders hold the same pages. Compressed forms are compared by what they unpack to: their bytes
// may differ between versions of the compressor.
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

function contents(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
  return new Map(paths.map((path) => [path, unpacked(path, readFileSync(join(folder, path)))]));
}

function unpacked(path, body) {
  if (path.endsWith(".gz")) return gunzipSync(body);
  return path.endsWith(".br") ? brotliDecompressSync(body) : body;
}

const [committed, fresh] = process.argv.slice(2).map(contents);
const differing = [...new Set([...committed.keys(), ...fresh.keys()])].filter((path) => {
  const [one, other] = [committed.get(path), fresh.get(path)];
  return !one || !other || !one.equals(other);
});
if (differing.length) {
  console.error(`dist/ is not what the sources give; run "npm ci && npm run build" and commit it:\n${differing.join("\n")}`);
  process.exit(1);
}
console.log(`dist/ is what the sources give (${committed.size} files)`);
