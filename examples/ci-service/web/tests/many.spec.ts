/** A thousand runs: how the list feels, in numbers. */
import type { Page } from "@playwright/test";

import { expect, signIn, test } from "./pages.js";

const RUNS = 1_000;
/** Who starts a run has all others of the namespace looked at: fewer of them are started sooner. */
const NAMESPACES = 20;

test("a thousand runs are scrolled, filtered and kept up to date without jank", async ({ page, service }) => {
  const phases = ["Succeeded", "Failed", "Running"];
  await Promise.all(
    Array.from({ length: NAMESPACES }, async (_, part) => {
      await service.createPipeline(`team-${part}`);
      for (let index = part; index < RUNS; index += NAMESPACES) {
        await service.createRun(`run-${index}`, `branch-${index}`, `team-${part}`);
        if (index % 10 === 0) {
          await service.report(`run-${index}`, { phase: phases[index % 3] ?? "Running" }, `team-${part}`);
        }
      }
    }),
  );
  await signIn(page, service);
  await expect(page.getByText("1,000 runs, ")).toBeVisible();
  await expect(page.getByRole("table", { name: "Runs" })).toHaveAttribute("aria-rowcount", "1001");
  expect(await page.getByRole("row").count()).toBeLessThan(100);

  const resting = await frames(page, "rest");
  const scrolling = await frames(page, "scroll");
  const updates = (async () => {
    for (let index = 0; index < 60; index += 1) {
      await service.report(`run-${index}`, { phase: "Succeeded" }, `team-${index % NAMESPACES}`);
    }
  })();
  const busy = await frames(page, "scroll");
  await updates;

  const filter = page.getByRole("searchbox");
  await filter.focus();
  const delays = await typing(page);
  const text = "branch-77";
  await page.keyboard.type(text, { delay: 40 });
  const input = await delays(text.length);
  await expect(page.getByText("11 runs shown")).toBeAttached();
  await expect(page.getByRole("link", { name: "run-777" })).toBeVisible();

  console.log(`frames at rest:                  ${resting.text}`);
  console.log(`frames while scrolling:          ${scrolling.text}`);
  console.log(`frames while it changes as well: ${busy.text}`);
  console.log(`from a key to the next frame:    ${input.text}`);
  // Far above what people notice, since the machine may be doing anything else: this finds what grows with the list.
  for (const { median } of [scrolling, busy, input]) {
    expect(median).toBeLessThan(2_000);
  }
});

test("rows are reached with the arrow keys", async ({ page, service }) => {
  await service.createPipeline();
  for (let index = 0; index < 40; index += 1) {
    await service.createRun(`run-${index}`, `branch-${index}`);
  }
  await signIn(page, service);
  const first = page.locator("[data-index='0'] a");
  await first.focus();
  for (let step = 0; step < 30; step += 1) {
    await page.keyboard.press("ArrowDown");
    await expect(page.locator(`[data-index='${step + 1}'] a`)).toBeFocused();
  }
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/ui\/runs\/shop\/run-/);
});

interface Times {
  readonly median: number;
  readonly text: string;
}

function summary(times: readonly number[]): Times {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  const text = `median ${at(0.5).toFixed(1)} ms, 95 % below ${at(0.95).toFixed(1)} ms, longest ${at(1).toFixed(1)} ms`;
  return { median: at(0.5), text };
}

const FRAMES = 90;

/** The times between frames. */
async function frames(page: Page, what: "rest" | "scroll"): Promise<Times> {
  const times = await page.evaluate(
    ({ what, count }) =>
      new Promise<number[]>((resolve) => {
        const times: number[] = [];
        let last = performance.now();
        const frame = (now: number) => {
          times.push(now - last);
          last = now;
          if (what === "scroll") {
            window.scrollTo(0, (window.scrollY + 320) % (document.documentElement.scrollHeight - window.innerHeight));
          }
          if (times.length < count) {
            requestAnimationFrame(frame);
          } else {
            resolve(times.slice(1));
          }
        };
        requestAnimationFrame(frame);
      }),
    { what, count: FRAMES },
  );
  return summary(times);
}

/** The times from a key to the next frame, from now on; what is answered waits for as many as are given to it. */
async function typing(page: Page): Promise<(keys: number) => Promise<Times>> {
  // The page listens before the first key is pressed.
  const times = await page.evaluateHandle(() => {
    const times: number[] = [];
    window.addEventListener("keydown", (event) => {
      requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - event.timeStamp)));
    });
    return times;
  });
  return async (keys) => {
    await expect.poll(() => times.evaluate((times) => times.length)).toBe(keys);
    return summary(await times.jsonValue());
  };
}
