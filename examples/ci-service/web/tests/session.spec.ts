/** Who may see what, and what everybody gets. */
import { expect, shoot, signIn, test } from "./pages.js";

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

test("what a caller may not do is said", async ({ page, service }) => {
  await service.createPipeline();
  await signIn(page, service, "/ui/start", "eve-secret");
  await page.getByLabel("Pipeline", { exact: true }).selectOption("shop / build");
  await page.getByLabel("Branch").fill("main");
  await page.getByRole("button", { name: "Start the run" }).click();
  await expect(page.getByRole("alert")).toContainText("eve may not create pipelineruns");
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

test("the API's reference is drawn without asking anybody else", async ({ page, service }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).origin));
  await page.goto(`${service.url}/docs`);
  await expect(page.getByText("PipelineRun is one execution of a Pipeline on one branch.")).toBeVisible();
  await shoot(page, "docs");
  expect([...new Set(asked.filter((origin) => origin !== "null"))]).toEqual([service.url]);
});
