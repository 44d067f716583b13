import { defineConfig } from "@playwright/test";

/** `cargo xtask browser` says which browser and which program; nothing is downloaded. */
export default defineConfig({
  testDir: "tests",
  outputDir: process.env["RESULTS"] ?? "test-results",
  // One at a time: each has a service of its own, and one of them measures how fast the pages are.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  // Far beyond what it takes: a busy machine is no failure.
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: "list",
  use: {
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      // Inside a container there is nobody to be protected from, and no /dev/shm worth the name.
      args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
    },
  },
});
