// One call: what is sent, what is answered, and every way in which it fails.
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";

import {
  type Api,
  type JsonPatch,
  ProblemError,
  createPipeline,
  createPipelineRun,
  deletePipeline,
  deletePipelineRuns,
  getPipeline,
  getRunnerScale,
  isProblem,
  listPipelineRuns,
  listPipelines,
  mergePatch,
  patchPipeline,
  patchPipelineRunStatus,
  patchRunnerScale,
  pointer,
  replacePipeline,
  result,
} from "../api/index.js";
import { Proxy, problem } from "./proxy.js";
import { Service } from "./service.js";
import { namespace, pipeline, there } from "./things.js";

suite("calls", { timeout: 300_000 }, () => {
  let service: Service;
  let proxy: Proxy;
  let api: Api;

  before(async () => {
    service = await Service.start();
    proxy = await Proxy.before(service);
    api = service.api;
  });

  after(async () => {
    await proxy.close();
    await service.kill();
  });

  /** The problem that a call ends with. */
  async function refused(call: Promise<unknown>): Promise<ProblemError> {
    const { error } = await result(call);
    return there(error);
  }

  test("an object is made, read, replaced, patched and removed", async () => {
    const at = { namespace: namespace(), name: "build" };
    const made = await createPipeline(api, at, pipeline("build"));
    assert.equal(made.kind, "Pipeline");
    // The server fills in what has a default, and the read form has it without a question mark.
    assert.equal(there(made.spec.tasks[0]).onError, "Stop");
    assert.deepEqual(await getPipeline(api, at), made);
    const replaced = await replacePipeline(api, at, { ...made, metadata: { ...made.metadata, labels: { a: "b" } } });
    assert.deepEqual(replaced.metadata.labels, { a: "b" });
    const patched = await patchPipeline(api, at, { metadata: { labels: { a: null, c: "d" } } });
    assert.deepEqual(patched.metadata.labels, { c: "d" });
    const status = await deletePipeline(api, at);
    assert.equal(status.details.uid, made.metadata.uid);
    assert.equal((await refused(getPipeline(api, at))).problem.reason, "NotFound");
  });

  test("a patch is made of what was and what is to be", async () => {
    const at = { namespace: namespace(), name: "build" };
    const before = await createPipeline(api, at, { ...pipeline("build"), metadata: { name: "build", labels: { a: "1" } } });
    const [task] = before.spec.tasks;
    const after = { ...before, metadata: { ...before.metadata, labels: { b: "2" } } };
    after.spec = { ...before.spec, tasks: [{ ...there(task), image: "rust:2" }] };
    const patch = mergePatch(before, after);
    assert.deepEqual(patch, { metadata: { labels: { a: null, b: "2" } }, spec: { tasks: after.spec.tasks } });
    const patched = await patchPipeline(api, at, patch);
    assert.deepEqual([patched.metadata.labels, patched.spec], [{ b: "2" }, after.spec]);
    assert.deepEqual(mergePatch(patched, patched), {});
  });

  /** What a call sends, without sending it. */
  async function sent(call: (api: Api) => Promise<unknown>): Promise<{ url: URL; type: string | null; body: unknown }> {
    const seen: { url: URL; type: string | null; body: unknown }[] = [];
    const spy: typeof fetch = async (input, init) => {
      const body: unknown = init?.body == null ? undefined : JSON.parse(String(init.body));
      seen.push({ url: new URL(String(input)), type: new Headers(init?.headers).get("Content-Type"), body });
      return new Response("{}");
    };
    await call({ ...api, fetch: spy });
    return there(seen[0]);
  }

  test("a patch of steps is sent as one, with pointers that hold any name", async () => {
    const at = { namespace: "a", name: "b" };
    const path = pointer("metadata", "annotations", "a/b~c", 0);
    assert.equal(path, "/metadata/annotations/a~1b~0c/0");
    const steps: JsonPatch = [{ op: "test", path, value: "1" }, { op: "remove", path }];
    const patch = await sent((spied) => patchPipeline(spied, at, steps));
    assert.deepEqual([patch.type, patch.body], ["application/json-patch+json", steps]);
    const merge = await sent((spied) => patchPipeline(spied, at, { spec: { project: "web" } }));
    assert.equal(merge.type, "application/merge-patch+json");
  });

  test("how a write is done goes into the query", async () => {
    const options = { dryRun: "All", fieldManager: "test", fieldValidation: "Strict" } as const;
    const { url } = await sent((spied) => createPipeline(spied, { namespace: "a" }, pipeline("b"), options));
    assert.deepEqual(Object.fromEntries(url.searchParams), options);
  });

  test("a typo is refused when that is asked for", async () => {
    const typo = { ...pipeline("build"), spec: { ...pipeline("build").spec, taskz: [] } };
    const strict = createPipeline(api, { namespace: namespace() }, typo, { fieldValidation: "Strict" });
    assert.match((await refused(strict)).message, /taskz/);
  });

  test("what the server warns of is told, and done all the same", async () => {
    const warnings: string[] = [];
    const warned = { ...api, onWarning: (warning: string) => warnings.push(warning) };
    const typo = { ...pipeline("build"), spec: { ...pipeline("build").spec, taskz: [], 'a"b\\c': 1 } };
    const made = await createPipeline(warned, { namespace: namespace() }, typo);
    assert.equal("taskz" in made.spec, false);
    assert.deepEqual(warnings.sort(), ['unknown field "spec.a\\"b\\\\c"', 'unknown field "spec.taskz"'].sort());
    warnings.length = 0;
    await createPipeline(warned, { namespace: namespace() }, pipeline("build"));
    assert.deepEqual(warnings, []);
  });

  test("of many objects those are removed that are selected", async () => {
    const at = { namespace: namespace() };
    await createPipeline(api, at, pipeline("build"));
    for (const [name, branch] of [["first", "main"], ["second", "next"], ["third", "last"]] as const) {
      const metadata = { name, labels: { keep: String(branch === "next") } };
      await createPipelineRun(api, at, { metadata, spec: { pipeline: "build", source: { branch } } });
    }
    const names = async () => (await listPipelineRuns(api, at)).items.map((run) => run.metadata.name);
    const selected = { ...at, labelSelector: "keep=false" };
    const tried = await deletePipelineRuns(api, selected, { dryRun: "All" });
    assert.deepEqual(tried.items.map((run) => run.metadata.name), ["first", "third"]);
    assert.deepEqual(await names(), ["first", "second", "third"]);
    const gone = await deletePipelineRuns(api, selected);
    assert.deepEqual(gone.items.map((run) => run.metadata.name), ["first", "third"]);
    assert.deepEqual(await names(), ["second"]);
  });

  test("the scale has a form of its own", async () => {
    const { createRunner } = await import("../api/index.js");
    await createRunner(api, { metadata: { name: "large" }, spec: { image: "runner:1" } });
    await patchRunnerScale(api, { name: "large" }, { spec: { replicas: 3 } });
    assert.equal((await getRunnerScale(api, { name: "large" })).spec.replicas, 3);
  });

  test("what is invalid lists its causes", async () => {
    const input = { metadata: { name: "run" }, spec: { pipeline: "none", source: { branch: "main" } } };
    const error = await refused(createPipelineRun(api, { namespace: namespace() }, input));
    assert.ok(isProblem(error, "Invalid"));
    assert.equal(error.problem.status, 422);
    assert.deepEqual(error.problem.causes.map((cause) => cause.field), ["spec.pipeline"]);
    assert.equal(error.message, error.problem.detail);
    assert.equal(error.response?.headers.get("Content-Type"), "application/problem+json");
    assert.ok(!isProblem(error, "Conflict", "NotFound"));
    assert.ok(isProblem(error) && !isProblem(new Error("Invalid")));
    // Causes can be counted on, even if a service names none.
    proxy.fault = problem(422, "Invalid");
    const bare = await refused(getPipeline(proxy.api, { namespace: "a", name: "b" }));
    assert.ok(isProblem(bare, "Invalid"));
    assert.deepEqual(bare.problem.causes, []);
  });

  test("a change that was meant for another version is refused", async () => {
    const at = { namespace: namespace(), name: "build" };
    const old = await createPipeline(api, at, pipeline("build"));
    const { resourceVersion } = old.metadata;
    await patchPipeline(api, { ...at, resourceVersion }, { metadata: { labels: { a: "b" } } });
    const missed = await refused(patchPipeline(api, { ...at, resourceVersion }, { metadata: { labels: { a: "c" } } }));
    assert.deepEqual([missed.problem.status, missed.problem.reason], [412, "PreconditionFailed"]);
    const overtaken = await refused(replacePipeline(api, at, old));
    assert.deepEqual([overtaken.problem.status, overtaken.problem.reason], [409, "Conflict"]);
    const kept = await refused(deletePipeline(api, { ...at, resourceVersion }));
    assert.equal(kept.problem.status, 412);
    const taken = await refused(createPipeline(api, at, pipeline("build")));
    assert.deepEqual([taken.problem.status, taken.problem.reason], [409, "AlreadyExists"]);
  });

  test("who may not is told so", async () => {
    const nobody = await refused(listPipelines({ baseUrl: service.url }, { namespace: "a" }));
    assert.equal(nobody.problem.reason, "Unauthorized");
    const viewer = { ...api, headers: { Authorization: "Bearer eve-secret" } };
    const forbidden = await refused(createPipeline(viewer, { namespace: "a" }, pipeline("build")));
    assert.ok(isProblem(forbidden, "Forbidden", "Unauthorized"));
  });

  test("headers come from the API, from a function, and from the call over both", async () => {
    const seen: (string | null)[] = [];
    const spy: typeof fetch = (input, init) => {
      seen.push(new Headers(init?.headers).get("Authorization"));
      return fetch(input, init);
    };
    const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
    const params = { namespace: namespace() };
    await listPipelines({ ...api, fetch: spy }, params);
    await listPipelines({ ...api, fetch: spy, headers: () => bearer("bob-secret") }, params);
    await listPipelines({ ...api, fetch: spy, headers: async () => new Headers(bearer("eve-secret")) }, params);
    await listPipelines(api, params, { fetch: spy, headers: bearer("bob-secret") });
    assert.deepEqual(seen, ["ada", "bob", "eve", "bob"].map((name) => `Bearer ${name}-secret`));
  });

  test("a token is sent unless a header takes its place", async () => {
    const seen: (string | null)[] = [];
    const spy: typeof fetch = (input, init) => {
      seen.push(new Headers(init?.headers).get("Authorization"));
      return fetch(input, init);
    };
    const params = { namespace: namespace() };
    const tokens = ["ada-secret", "eve-secret"];
    const renewed: Api = { baseUrl: service.url, fetch: spy, token: async () => tokens.shift() };
    await listPipelines({ baseUrl: service.url, fetch: spy, token: "bob-secret" }, params);
    await listPipelines(renewed, params);
    await listPipelines(renewed, params);
    assert.equal((await refused(listPipelines(renewed, params))).problem.reason, "Unauthorized");
    await listPipelines({ ...api, fetch: spy, token: "nobody" }, params);
    assert.deepEqual(seen, ["Bearer bob-secret", "Bearer ada-secret", "Bearer eve-secret", null, "Bearer ada-secret"]);
  });

  test("an aborted call ends with the reason of its signal", async () => {
    proxy.fault = () => true;
    const params = { namespace: "a", name: "b" };
    const abort = new AbortController();
    const call = getPipeline(proxy.api, params, { signal: abort.signal });
    abort.abort();
    await assert.rejects(call, { name: "AbortError" });
    await assert.rejects(getPipeline(api, params, { signal: AbortSignal.abort() }), { name: "AbortError" });
    // `result` is for what the service says; an abort is the caller's own.
    const late = result(getPipeline(proxy.api, params, { signal: AbortSignal.timeout(20) }));
    await assert.rejects(late, { name: "TimeoutError" });
  });

  test("an abort while the answer is read ends the call", async () => {
    const abort = new AbortController();
    proxy.fault = (_, response) => {
      response.writeHead(200, { "Content-Type": "application/json" });
      response.write('{"kind":', () => abort.abort());
      return true;
    };
    await assert.rejects(getPipeline(proxy.api, { namespace: "a", name: "b" }, { signal: abort.signal }), {
      name: "AbortError",
    });
  });

  test("an answer that breaks off is no answer", async () => {
    proxy.fault = (_, response) => {
      response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "1000" });
      response.write('{"kind":', () => response.destroy());
      return true;
    };
    const error = await refused(getPipeline(proxy.api, { namespace: "a", name: "b" }));
    assert.deepEqual([error.problem.reason, error.problem.status], ["Unreachable", 0]);
    assert.ok(error.cause instanceof Error);
  });

  test("what is no answer of this API is a problem too", async () => {
    const page = (status: number) => {
      proxy.fault = (_, response) => {
        response.writeHead(status, { "Content-Type": "text/html" });
        response.end("<h1>Who are you?</h1>");
        return true;
      };
      return refused(getPipeline(proxy.api, { namespace: "a", name: "b" }));
    };
    for (const status of [502, 200]) {
      const { problem } = await page(status);
      assert.deepEqual([problem.reason, problem.status, problem.detail], ["Unknown", status, "<h1>Who are you?</h1>"]);
    }
  });

  test("a service that is away is a problem, and one that is back is none", async () => {
    const own = await Service.start();
    const at = { namespace: namespace(), name: "build" };
    await own.kill();
    const error = await refused(getPipeline(own.api, at));
    assert.ok(isProblem(error, "Unreachable"));
    assert.deepEqual([error.problem.status, error.response], [0, undefined]);
    await own.start();
    assert.ok(isProblem(await refused(getPipeline(own.api, at)), "NotFound"));
    await own.kill();
  });

  test("no name leads to another path", async () => {
    proxy.fault = () => false;
    for (const name of ["", ".", ".."]) {
      await assert.rejects(async () => getPipeline(proxy.api, { namespace: "a", name }), TypeError);
    }
    proxy.asked.length = 0;
    await refused(getPipeline(proxy.api, { namespace: "a", name: "../b?c#d/%2e" }));
    assert.deepEqual(proxy.asked, ["/apis/ci.example.com/v1/namespaces/a/pipelines/..%2Fb%3Fc%23d%2F%252e"]);
  });

  test("a conflict of the service's own is one by its type", async () => {
    const at = { namespace: namespace() };
    await createPipeline(api, at, pipeline("build"));
    const run = (name: string) => ({ metadata: { name }, spec: { pipeline: "build", source: { branch: "main" } } });
    const first = await createPipelineRun(api, at, run("first"));
    const busy = await refused(createPipelineRun(api, at, run("second")));
    assert.deepEqual([busy.problem.reason, busy.problem.type], ["Conflict", "urn:ci-service:branch-busy"]);
    const done = { status: { phase: "Succeeded" } };
    await patchPipelineRunStatus(api, { ...at, name: first.metadata.name }, done);
    await createPipelineRun(api, at, run("second"));
  });
});
