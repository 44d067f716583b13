// The options of TanStack Query, without any framework around them.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, suite, test } from "node:test";

import { MutationObserver, QueryClient } from "@tanstack/react-query";

import { isProblem, result, type types } from "../api/index.js";
import {
  PipelineKey,
  createPipelineMutation,
  getPipelineOptions,
  listPipelinesOptions,
  listPipelinesPages,
  patchPipelineMutation,
} from "../api/tanstack.js";
import { Proxy, once, problem } from "./proxy.js";
import { Service } from "./service.js";
import { namespace, pipeline, pipelines } from "./things.js";

suite("TanStack Query", { timeout: 300_000 }, () => {
  let service: Service;
  let proxy: Proxy;
  let queries: QueryClient;

  before(async () => {
    service = await Service.start();
    proxy = await Proxy.before(service);
  });

  after(async () => {
    await proxy.close();
    await service.kill();
  });

  beforeEach(() => {
    proxy.fault = () => false;
    proxy.asked.length = 0;
    queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retryDelay: 1 } } });
  });

  afterEach(() => queries.clear());

  test("what was read is kept until its kind is invalidated", async () => {
    const at = { namespace: namespace(), name: "p0" };
    await pipelines(service.api, at.namespace, 1);
    const options = getPipelineOptions(proxy.api, at);
    const read: types.Pipeline = await queries.fetchQuery(options);
    await queries.fetchQuery(getPipelineOptions(proxy.api, { ...at }));
    assert.equal(proxy.asked.length, 1);
    // The key knows the type of what is kept under it.
    const kept: types.Pipeline | undefined = queries.getQueryData(options.queryKey);
    assert.deepEqual(kept, read);
    await queries.invalidateQueries({ queryKey: PipelineKey });
    await queries.fetchQuery(options);
    assert.equal(proxy.asked.length, 2);
  });

  test("other parameters, and another service, are another key", async () => {
    const keys = [
      listPipelinesOptions(proxy.api, { namespace: "a" }),
      listPipelinesOptions(proxy.api, { namespace: "b" }),
      listPipelinesOptions(service.api, { namespace: "a" }),
      listPipelinesOptions(proxy.api, { namespace: "a", limit: 1 }),
    ];
    assert.equal(new Set(keys.map((options) => JSON.stringify(options.queryKey))).size, keys.length);
  });

  test("pages follow each other", async () => {
    const params = { namespace: namespace(), limit: 3 };
    await pipelines(service.api, params.namespace, 8);
    const { pages } = await queries.fetchInfiniteQuery({ ...listPipelinesPages(proxy.api, params), pages: 9 });
    const names = pages.map((page) => page.items.map((item) => item.metadata.name).join(" "));
    assert.deepEqual(names, ["p0 p1 p2", "p3 p4 p5", "p6 p7"]);
  });

  test("what may pass is tried again, what is refused is not", async () => {
    const at = { namespace: namespace(), name: "p0" };
    const missing = await result(queries.fetchQuery(getPipelineOptions(proxy.api, at)));
    assert.ok(isProblem(missing.error, "NotFound"));
    assert.equal(proxy.asked.length, 1);
    await pipelines(service.api, at.namespace, 1);
    proxy.fault = once(() => true, problem(503, "ServiceUnavailable"));
    const read = await queries.fetchQuery(getPipelineOptions(proxy.api, at));
    assert.equal(read.metadata.name, "p0");
    assert.equal(proxy.asked.length, 3);
  });

  test("a query that is cancelled aborts its call", async () => {
    let closed = false;
    proxy.fault = (_, response) => {
      response.on("close", () => (closed = true));
      return true;
    };
    const options = getPipelineOptions(proxy.api, { namespace: "a", name: "b" });
    const query = queries.fetchQuery(options).catch(() => "cancelled");
    while (proxy.asked.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await queries.cancelQueries({ queryKey: PipelineKey });
    assert.equal(await query, "cancelled");
    while (!closed) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });

  test("mutations take what the operation takes", async () => {
    const at = { namespace: namespace(), name: "build" };
    const create = new MutationObserver(queries, createPipelineMutation(proxy.api));
    const made = await create.mutate({ params: at, body: pipeline("build") });
    assert.equal(made.metadata.name, "build");
    const patch = new MutationObserver(queries, patchPipelineMutation(proxy.api));
    const patched = await patch.mutate({ params: at, body: { metadata: { labels: { a: "b" } } } });
    assert.deepEqual(patched.metadata.labels, { a: "b" });
  });
});
