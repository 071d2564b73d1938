// Every src/*.html is a page of the service; every src/stable/*.ts a script that other sites name, so without a hash.
import { existsSync, readdirSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

const root = new URL("./src/", import.meta.url).pathname;

function entries(folder: string, ending: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const found = readdirSync(folder).filter((name) => name.endsWith(ending)).sort();
  return Object.fromEntries(found.map((name) => [name.slice(0, -ending.length), folder + name]));
}

/** The map is imported once its page's first script runs; the browser may fetch it before. */
const early = ["view", "maplibre"];

function preloading(): Plugin {
  return {
    name: "preloading",
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle, chunk }) =>
        chunk?.name !== "index"
          ? []
          : Object.values(bundle ?? {})
              .filter((output) => output.type === "chunk" && early.includes(output.name))
              .map((output) => ({ tag: "link", injectTo: "head", attrs: { rel: "modulepreload", href: `/${output.fileName}` } })),
    },
  };
}

const stable = entries(`${root}stable/`, ".ts");

export default defineConfig({
  root,
  base: "/",
  publicDir: false,
  plugins: [preloading()],
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // what is inlined as data: would need a hole in the content security policy
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rollupOptions: {
      preserveEntrySignatures: "exports-only", // shops import from the stable scripts
      input: { ...entries(root, ".html"), ...stable },
      output: {
        entryFileNames: (chunk) => (chunk.name in stable ? "[name].js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
        // Apart, so that a change of ours leaves its name, and with it every cache, alone.
        codeSplitting: { groups: [{ name: "maplibre", test: /node_modules\/maplibre-gl\/.*\.mjs$/ }] },
      },
    },
  },
});
