import { defineConfig } from "@playwright/test";

/** `cargo xtask docs-site` says which browser and which pages. */
export default defineConfig({
  testDir: "tests",
  outputDir: "results",
  workers: 1,
  forbidOnly: true,
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: "list",
  use: {
    viewport: { width: 1280, height: 900 },
    locale: "en-GB",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    },
  },
});
