import { defineConfig } from "vite";

export default defineConfig({
  // `npm run dev` passes requests of the API on to the service.
  server: { proxy: { "/apis": "http://127.0.0.1:8080" } },
});
