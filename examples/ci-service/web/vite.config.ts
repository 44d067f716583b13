import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** The API reference, from its package: no other host is asked for anything. */
function reference(): Plugin {
  return {
    name: "reference",
    apply: "build",
    writeBundle({ dir }) {
      const to = join(dir ?? "dist", "docs");
      const from = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
      mkdirSync(to, { recursive: true });
      for (const file of ["swagger-ui-bundle.js", "swagger-ui.css"]) {
        copyFileSync(join(from, file), join(to, file));
      }
    },
  };
}

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

export default defineConfig({
  base: "/ui/",
  plugins: [react(), reference(), compressed()],
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    sourcemap: false,
    // A data URL in a style sheet needs no exception in the content security policy this way.
    assetsInlineLimit: 0,
  },
  // `npm run dev` serves the pages, and asks a service on its default port for the rest.
  server: { proxy: { "/apis": "http://127.0.0.1:8080", "/healthz": "http://127.0.0.1:8080" } },
});
