/** Who may see what, and what everybody gets. */
import type { Locator, Page } from "@playwright/test";

import { expect, shoot, signIn, test } from "./pages.js";
import type { Service } from "./service.js";

test("a token that the service does not know is wrong at its field", async ({ page, service }) => {
  await page.goto(service.url);
  const token = page.getByLabel("Access token");
  await expect(token).toBeFocused();
  await token.fill("guessed");
  await page.keyboard.press("Enter");
  await expect(token).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByText("The service does not know this token.")).toBeVisible();

  await token.fill("eve-secret");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "No runs yet" })).toBeVisible();
  expect(page.url()).not.toContain("eve-secret");

  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(token).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify([sessionStorage, localStorage]))).not.toContain("eve-secret");
});

test("who signs in at a page's address gets to that page", async ({ page, service }) => {
  await signIn(page, service, "/ui/pipelines");
  await expect(page.getByRole("heading", { name: "No pipelines yet" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "No pipelines yet" })).toBeVisible();
});

test("what a caller may not do is not offered", async ({ page, service }) => {
  await service.createProject();
  await service.createPipeline();
  await service.createRun("first", "main");
  await signIn(page, service, "/ui/runs", "eve-secret");
  const offers = page.locator("main").getByRole("link", { name: /Start a run|New|Run again/ });
  const buttons = page.locator("main").getByRole("button", { name: /Delete|Cancel$|Change the priority/ });
  for (const [path, ready] of [
    ["/ui/runs", "first"],
    ["/ui/runs/shop/first", "test"],
    ["/ui/pipelines", "build"],
    ["/ui/pipelines/shop/build", "test"],
    ["/ui/projects", "web"],
    ["/ui/projects/shop/web", "build"],
  ] as const) {
    const answer = page.waitForResponse((response) => response.url().includes("/permissions"));
    await page.goto(service.url + path);
    await answer;
    await expect(page.locator("main").getByText(ready, { exact: true }).first()).toBeVisible();
    expect([path, await offers.count(), await buttons.count()]).toEqual([path, 0, 0]);
  }
  await shoot(page, "reader");
  await page.goto(`${service.url}/ui/start`);
  await expect(page.getByRole("heading", { name: "You may not start runs here" })).toBeVisible();
  await shoot(page, "reader-start");
  await page.goto(`${service.url}/ui/new/pipeline`);
  await expect(page.getByRole("heading", { name: "You may not create pipelines here" })).toBeVisible();
});

test("what a caller may do is offered", async ({ page, service }) => {
  await service.createPipeline();
  await service.createRun("first", "main");
  await signIn(page, service, "/ui/runs/shop/first", "bob-secret");
  await expect(page.getByRole("button", { name: "Delete" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Cancel" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Run again" })).toBeVisible();
  await page.goto(`${service.url}/ui/start`);
  await expect(page.getByLabel("Branch")).toBeVisible();
});

test("an address of the API is never answered with a page", async ({ request, service }) => {
  const asBrowser = { headers: { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" } };
  for (const path of ["/apis/ci.example.com/v1/nothing", "/apis/", "/nowhere", "/docs/nothing.js", "/ui/assets/gone.js"]) {
    const answer = await request.get(service.url + path, asBrowser);
    expect([path, answer.status(), answer.headers()["content-type"]]).toEqual([path, 404, "application/problem+json"]);
  }
  const page = await request.get(`${service.url}/ui/runs/shop/any`, asBrowser);
  expect(page.status()).toBe(200);
  expect(page.headers()["content-type"]).toContain("text/html");
  expect(page.headers()["cache-control"]).toBe("no-cache");
  expect(page.headers()["content-security-policy"]).toContain("script-src 'self';");
  expect((await request.post(`${service.url}/ui/`)).status()).toBe(405);

  const script = /src="(\/ui\/assets\/[^"]+\.js)"/.exec(await page.text())?.[1] ?? "";
  const file = await request.get(service.url + script, { headers: { "Accept-Encoding": "gzip, br" } });
  expect(file.headers()["cache-control"]).toContain("immutable");
  expect(file.headers()["content-encoding"]).toBe("br");
  const tag = file.headers()["etag"] ?? "";
  const again = await request.get(service.url + script, { headers: { "Accept-Encoding": "br", "If-None-Match": tag } });
  expect(again.status()).toBe(304);
});

/** Opens an operation of the reference. */
async function operation(page: Page, service: Service, id: string): Promise<Locator> {
  await page.goto(`${service.url}/docs#/${id}`);
  const opened = page.locator(`[id="operations-${id.replace("/", "-")}"]`);
  await expect(opened.getByRole("button", { name: "Execute" })).toBeVisible();
  return opened;
}

test("the API's reference is drawn without asking anybody else", async ({ page, service }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  await page.goto(`${service.url}/docs`);
  await expect(page.getByText("PipelineRun is one execution of a Pipeline on one branch.")).toBeVisible();
  await shoot(page, "docs");
  expect([...new Set(asked.filter((origin) => origin !== "null"))]).toEqual([service.url]);
});

test("who signs in to the reference can try the API", async ({ page, service }) => {
  const list = await operation(page, service, "Projects/listProjectsForAllNamespaces");
  await list.getByRole("button", { name: "Execute" }).click();
  await expect(list.locator(".live-responses-table .response-col_status")).toHaveText(["Code", /^401/]);

  await page.getByRole("button", { name: "Authorize" }).click();
  const dialog = page.locator(".modal-ux");
  const token = dialog.locator("input");
  await expect(token).toHaveAttribute("type", "password");
  await token.fill("eve-secret");
  await shoot(page, "docs-sign-in");
  await dialog.getByRole("button", { name: "Apply credentials" }).click();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await list.getByRole("button", { name: "Execute" }).click();
  await expect(list.locator(".live-responses-table .response-col_status")).toHaveText(["Code", /^200/]);
  await expect(list.locator(".curl-command")).toContainText("Bearer <token>");
  await expect(list).not.toContainText("eve-secret");
  await shoot(page, "docs-answer");
});

test("who is signed in on the pages is signed in to the reference", async ({ page, service }) => {
  await signIn(page, service);
  await page.getByRole("link", { name: "API" }).click();
  const permissions = await operation(page, service, "Permissions/readPermissions");
  await permissions.getByRole("button", { name: "Execute" }).click();
  await expect(permissions.locator(".live-responses-table .response-col_status")).toHaveText(["Code", /^200/]);
});

test("the reference has one sample for all failures, and both themes", async ({ page, service }) => {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const create = await operation(page, service, "PipelineRuns/createPipelineRun");
    await expect(create.locator(".responses-inner .example")).toHaveCount(2);
    await expect(create.getByText("The object is not valid.")).toBeVisible();
    await shoot(page, `docs-operation-${colorScheme}`);
    await page.goto("about:blank");
  }
});
