/** Runs: started, seen to go on, changed by two people at once. */
import { expect, shoot, signIn, test } from "./pages.js";

test("a run is started, and seen to go on while somebody else changes it", async ({ page, context, service }) => {
  await service.createProject();
  await service.createPipeline();
  await signIn(page, service);
  const list = await context.newPage();
  await signIn(list, service);
  await expect(list.getByRole("heading", { name: "No runs yet" })).toBeVisible();

  await page.getByRole("link", { name: "Start a run" }).first().click();
  await page.getByLabel("Pipeline", { exact: true }).selectOption("shop / build");
  await page.getByLabel("Branch").fill("main");
  await page.getByLabel("target").selectOption("production");
  await page.getByText("More options").last().click();
  await page.getByLabel("Priority").fill("urgent");
  await page.getByRole("button", { name: "Start the run" }).click();

  await expect(page).toHaveURL(/\/ui\/runs\/shop\/build-/);
  await expect(page.locator(".page-title").getByText("Pending")).toBeVisible();
  await expect(page.getByText("production", { exact: true })).toBeVisible();
  const name = page.url().split("/").at(-1) ?? "";
  await expect(list.getByRole("link", { name })).toBeVisible();
  await expect(list.getByText("1 run, 1 in progress")).toBeVisible();

  await service.report(name, { phase: "Running", startTime: new Date().toISOString(), tasks: { test: { phase: "Running" } } });
  await expect(page.locator(".page-title").getByText("Running")).toBeVisible();
  await expect(page.getByRole("button", { name: "test Running" })).toBeVisible();
  await expect(list.getByRole("button", { name: "Running 1" })).toBeVisible();

  await service.report(name, {
    phase: "Failed",
    completionTime: new Date().toISOString(),
    tasks: { test: { phase: "Failed", exitCode: 101, attempts: 1 }, deploy: { phase: "Skipped" } },
  });
  await expect(page.locator(".page-title").getByText("Failed")).toBeVisible();
  await expect(page.getByRole("button", { name: "deploy Skipped" })).toBeVisible();
  await expect(page.getByText("101")).toBeVisible();
  await expect(list.getByText("1 run, 0 in progress")).toBeVisible();
});

test("what is wrong is said at its field, by the page or by the service", async ({ page, service }) => {
  await service.createPipeline();
  await signIn(page, service, "/ui/start?namespace=shop&pipeline=build");
  const branch = page.getByLabel("Branch");
  await page.getByRole("button", { name: "Start the run" }).click();
  await expect(branch).toHaveAttribute("aria-invalid", "true");
  const summary = page.getByRole("alert");
  await expect(page.locator(".outcome")).toBeFocused();
  await summary.getByRole("link", { name: "Branch" }).click();
  await expect(branch).toBeFocused();

  await branch.fill("main");
  await expect(branch).not.toHaveAttribute("aria-invalid");
  // Only the service knows what the pipeline wants.
  const jobs = page.getByLabel("jobs");
  await jobs.fill("many");
  await page.getByRole("button", { name: "Start the run" }).click();
  await expect(jobs).toHaveAttribute("aria-invalid", "true");
  await expect(jobs).toHaveAccessibleDescription("Must be of type number");
  await shoot(page, "field-error");

  await jobs.fill("8");
  await page.getByRole("button", { name: "Start the run" }).click();
  await expect(page).toHaveURL(/\/ui\/runs\/shop\/build-/);
});

test("a branch that is busy is a conflict, with a way on", async ({ page, service }) => {
  await service.createPipeline();
  await service.createRun("first", "main");
  await signIn(page, service, "/ui/start?namespace=shop&pipeline=build&branch=main");
  await page.getByRole("textbox", { name: "Name" }).fill("second");
  await page.getByRole("button", { name: "Start the run" }).click();
  const notice = page.getByRole("alert");
  await expect(notice).toContainText("This branch has an active run");
  await expect(notice.getByRole("link", { name: "Open first" })).toBeVisible();

  await service.report("first", { phase: "Succeeded" });
  await notice.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "second" })).toBeVisible();
});

test("two people change one run: who comes second sees what the first did", async ({ page, service }) => {
  await service.createPipeline();
  await service.createRun("first", "main");
  await signIn(page, service, "/ui/runs/shop/first");
  await page.getByRole("button", { name: "Change the priority" }).click();
  const dialog = page.getByRole("dialog", { name: "Change the priority" });
  await dialog.getByLabel("Priority").fill("5");

  // A new status is nobody's conflict.
  await service.report("first", { phase: "Running" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("first has the priority 5")).toBeVisible();

  await page.getByRole("button", { name: "Change the priority" }).click();
  await dialog.getByLabel("Priority").fill("9");
  await service.call("bob-secret", "PATCH", "shop/pipelineruns/first", { spec: { priority: "urgent" } });
  await expect(dialog.getByRole("status")).toContainText("Somebody else has just changed this run");
  await dialog.getByRole("button", { name: "Save" }).click();
  const conflict = dialog.getByRole("alert");
  await expect(conflict).toContainText("Not saved");
  await expect(conflict.getByRole("listitem")).toHaveText("spec.priority: 5 → urgent");
  await shoot(page, "conflict");
  await dialog.getByRole("button", { name: "Save my value" }).click();
  await expect(dialog).toBeHidden();
  const stored = await service.call<{ spec: { priority: unknown } }>("bob-secret", "GET", "shop/pipelineruns/first");
  expect(stored.spec.priority).toBe(9);

  const opener = page.getByRole("button", { name: "Delete" });
  await opener.click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(opener).toBeFocused();
  await opener.click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("heading", { name: "No runs yet" })).toBeVisible();
});

test("a service that goes away and comes back is waited for", async ({ page, service }) => {
  await service.createPipeline();
  await service.createRun("before", "main");
  await signIn(page, service);
  await expect(page.getByRole("link", { name: "before" })).toBeVisible();

  await service.end();
  await expect(page.getByText("The service cannot be reached.")).toBeVisible();
  await expect(page.getByRole("link", { name: "before" })).toBeVisible();
  await shoot(page, "offline");

  // It kept its objects in memory: what was there is gone, and must not be shown any longer.
  await service.begin();
  await service.createPipeline();
  await service.createRun("after", "main");
  await expect(page.getByRole("link", { name: "after" })).toBeVisible();
  await expect(page.getByRole("link", { name: "before" })).toBeHidden();
  await expect(page.getByText("The service cannot be reached.")).toBeHidden();
  await service.report("after", { phase: "Succeeded" });
  await expect(page.getByRole("button", { name: "Succeeded 1" })).toBeVisible();
});
