import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const TEXT = /\.(html|js|css|svg)$/;
/** What fits into one packet is not worth it. */
const SMALL = 1_200;

/** A compressed copy beside each file, so that the service need not compress. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    enforce: "post",
    closeBundle() {
      const dist = join(import.meta.dirname, "dist");
      const files = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => TEXT.test(file));
      for (const file of files) {
        const content = readFileSync(join(dist, file));
        if (content.length > SMALL) {
          writeFileSync(join(dist, `${file}.br`), brotliCompressSync(content));
        }
      }
    },
  };
}

/** Paths of the service. */
const API = ["/apis", "/healthz", "/openapi.json", "/permissions"];

export default defineConfig({
  base: "/ui/",
  plugins: [react(), compressed()],
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    sourcemap: false,
    // A data URL in a style sheet needs no exception in the content security policy this way.
    assetsInlineLimit: 0,
    // Swagger UI is one large file, which only `/docs` loads.
    chunkSizeWarningLimit: 2_000,
    rollupOptions: { input: { pages: "index.html", docs: "docs/index.html" } },
  },
  // `npm run dev` serves the pages, and asks a service on its default port for the rest.
  server: { proxy: Object.fromEntries(API.map((path) => [path, "http://127.0.0.1:8080"])) },
});
