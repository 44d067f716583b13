/** What every test has: a service of its own, and a page that must not complain. */
import { join } from "node:path";

import { test as base, expect, type Page } from "@playwright/test";

import { Service, type Token } from "./service.js";

interface Fixtures {
  readonly service: Service;
  /** What the page complained about; empty at the end, or the test fails. */
  readonly complaints: string[];
}

export const test = base.extend<Fixtures>({
  service: async ({}, use) => {
    const service = await Service.start();
    await use(service);
    await service.close();
  },
  complaints: [
    async ({ context }, use) => {
      const complaints: string[] = [];
      context.on("weberror", (error) => void complaints.push(String(error.error().stack)));
      context.on("console", (message) => {
        // Chromium logs every refused request by itself; whether people see them is what the tests are about.
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
          complaints.push(message.text());
        }
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export async function signIn(page: Page, service: Service, path = "/ui/", token: Token = "ada-secret"): Promise<void> {
  await page.goto(service.url + path);
  await page.getByLabel("Access token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("navigation", { name: "Main" })).toBeVisible();
}

/** Keeps what a page looks like, for people to judge. */
export async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(process.env["SHOTS"] ?? "test-results/shots", `${name}.png`) });
}
