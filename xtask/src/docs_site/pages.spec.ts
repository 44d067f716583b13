/** Reference pages, opened from a folder: accessibility, keyboard, addresses of fields, phones, paper, no scripts. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

const [INDEX, ...KINDS] = (process.env["PAGES"] ?? "").split("\n").map((path) => pathToFileURL(path).href);
const NAMES = ["index", "small", "medium", "large"];
const MEDIUM = KINDS[1] ?? KINDS[0]!;

/** Every test fails if a page complains or loads something that is not in its folder. */
const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ context }, use) => {
      const complaints: string[] = [];
      context.on("weberror", (error) => void complaints.push(String(error.error())));
      context.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      context.on("request", (request) => {
        if (!request.url().startsWith("file:")) complaints.push(request.url());
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

function shoot(page: Page, name: string): Promise<Buffer> {
  return page.screenshot({ path: join(process.env["SHOTS"] ?? "screenshots", `${name}.png`) });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing serious in ${colorScheme} pages`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const [at, address] of [INDEX!, ...KINDS].entries()) {
      const name = `${NAMES[at]}-${colorScheme}`;
      await page.goto(address);
      await expect(page.getByRole("searchbox")).toBeVisible();
      await shoot(page, name);
      const { violations } = await new AxeBuilder({ page }).options({ preload: false }).analyze();
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(serious.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
  });
}

/** Returns the field that is most deeply nested. */
function deepest(page: Page): Promise<string> {
  return page.evaluate(() => {
    const ids = [...document.querySelectorAll(".tree li[id]")].map(({ id }) => id);
    return ids.reduce((deep, id) => (id.split(".").length > deep.split(".").length ? id : deep));
  });
}

test("a field is found and opened by keyboard alone", async ({ page }) => {
  await page.goto(MEDIUM);
  const field = await deepest(page);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type(field);
  await expect(page.locator("#results a").first()).toContainText(field);
  await shoot(page, "search");
  await page.keyboard.press("ArrowDown");
  await expect(page.locator("#results a").first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator(`[id="${field}"]`)).toBeInViewport();
  expect(new URL(page.url()).hash).toBe(`#${field}`);
  await page.keyboard.press("/");
  await page.keyboard.press("Escape");
  await expect(page.locator("#results")).toBeHidden();
  await expect(page.getByRole("searchbox")).toBeFocused();
  // Nested fields are opened and closed like a button.
  const summary = page.locator(".tree details:not([open]) > summary").filter({ visible: true }).first();
  await summary.focus();
  await page.keyboard.press("Enter");
  await expect(page.locator(".tree details[open] > summary:focus")).toHaveCount(1);
});

test("kinds are found from the index", async ({ page }) => {
  await page.goto(INDEX!);
  const kind = page.locator("a.kind").last();
  const name = (await kind.textContent())!;
  await page.getByRole("searchbox").fill(name);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
});

test("the address of a field shows the field", async ({ page }) => {
  await page.goto(MEDIUM);
  const field = await deepest(page);
  await page.goto("about:blank");
  await page.goto(`${MEDIUM}#${field}`);
  await expect(page.locator(`[id="${field}"]`)).toBeInViewport();
  await shoot(page, "field");
});

test("pages fit a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [at, address] of [INDEX!, ...KINDS].entries()) {
    await page.goto(address);
    await shoot(page, `phone-${NAMES[at]}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect([address, overflow]).toEqual([address, 0]);
  }
});

test("everything is on paper", async ({ page }) => {
  await page.goto(KINDS[0]!);
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  await expect(page.locator("header.bar")).toBeHidden();
  await expect(page.locator(".tree li[id]").last()).toBeVisible();
  await shoot(page, "print");
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("pages can be read", async ({ page }) => {
    await page.goto(MEDIUM);
    await expect(page.locator(".tree > li").first()).toBeVisible();
    await expect(page.getByRole("searchbox")).toBeHidden();
    await page.locator(".tree details:not([open]) > summary").filter({ visible: true }).first().click();
    await shoot(page, "without-scripts");
  });
});
