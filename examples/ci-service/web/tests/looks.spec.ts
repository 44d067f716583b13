/** Every page, light and dark: can everybody use it, and what does it look like? */
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";

import { expect, shoot, signIn, test } from "./pages.js";
import { Service } from "./service.js";

const PAGES = [
  { name: "runs", path: "/ui/runs", ready: " in progress" },
  { name: "run", path: "/ui/runs/shop/build-101", ready: "checkout" },
  { name: "start", path: "/ui/start?namespace=shop&pipeline=build", ready: "Workspace source" },
  { name: "pipelines", path: "/ui/pipelines", ready: "4 pipelines" },
  { name: "pipeline", path: "/ui/pipelines/shop/build", ready: "build-1" },
  { name: "projects", path: "/ui/projects", ready: "3 projects" },
  { name: "project", path: "/ui/projects/shop/web", ready: "nightly" },
  { name: "new-project", path: "/ui/new/project", ready: "Namespace" },
  { name: "new-pipeline", path: "/ui/new/pipeline", ready: "Task 1" },
  { name: "not-there", path: "/ui/runs/shop/nothing", ready: "Run not found" },
  { name: "docs", path: "/docs", ready: "Read the permissions of the caller" },
];

/** The dark pages are the light ones in other colours. */
const RULES = { light: [], dark: ["color-contrast", "link-in-text-block"] };

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing serious in ${colorScheme} pages`, async ({ page }) => {
    const service = await Service.start("--demo");
    try {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.goto(`${service.url}/ui/`);
      await expect(page.getByLabel("Access token")).toBeVisible();
      await inspect(page, `sign-in-${colorScheme}`, RULES[colorScheme]);
      await signIn(page, service);
      for (const { name, path, ready } of PAGES) {
        await page.goto(service.url + path);
        await expect(page.locator("main").getByText(ready).first()).toBeAttached();
        await inspect(page, `${name}-${colorScheme}`, RULES[colorScheme]);
      }
    } finally {
      await service.close();
    }
  });
}

test("the theme can be chosen, and stays", async ({ page, service }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await signIn(page, service);
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await paper();
  await page.getByRole("button", { name: "Change to light" }).click();
  await page.getByRole("button", { name: "Change to dark" }).click();
  const dark = await paper();
  expect(dark).not.toBe(light);
  await page.reload();
  expect(await paper()).toBe(dark);
});

test("pages fit a phone", async ({ page }) => {
  const service = await Service.start("--demo");
  try {
    await page.setViewportSize({ width: 390, height: 844 });
    await signIn(page, service);
    for (const { name, path, ready } of PAGES) {
      await page.goto(service.url + path);
      await expect(page.locator("main").getByText(ready).first()).toBeAttached();
      await shoot(page, `phone-${name}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect([name, overflow]).toEqual([name, 0]);
    }
    await page.goto(`${service.url}/ui/start?namespace=shop&pipeline=build`);
    const top = async (part: Locator) => (await part.boundingBox())?.y ?? Number.NaN;
    const tasks = await top(page.getByRole("heading", { name: "Tasks of build" }));
    expect(tasks).toBeLessThan(await top(page.getByRole("button", { name: "Start the run" })));
    await page.goto(`${service.url}/ui/runs`);
    await page.getByRole("button", { name: "Menu" }).click();
    await expect(page.getByRole("link", { name: "API" })).toBeVisible();
    await shoot(page, "phone-menu");
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByLabel("Access token")).toBeVisible();
  } finally {
    await service.close();
  }
});

test("a time is the same on every page", async ({ page }) => {
  const service = await Service.start("--demo");
  try {
    await signIn(page, service);
    const row = page.getByRole("row").filter({ has: page.getByRole("link", { name: "build-148" }) });
    const started = await row.locator("time").getAttribute("datetime");
    for (const path of ["/ui/pipelines/shop/build", "/ui/runs/shop/build-148"]) {
      await page.goto(service.url + path);
      await expect(page.locator(`time[datetime="${started}"]`)).toBeVisible();
    }
  } finally {
    await service.close();
  }
});

/** Holds a page against some of axe's rules, or all of them. */
async function inspect(page: Page, name: string, rules: string[]): Promise<void> {
  await shoot(page, name);
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules.length > 0 ? axe.withRules(rules) : axe).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = serious.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ html }) => html).join(" ").slice(0, 400)}`);
  expect(told).toEqual([]);
}
