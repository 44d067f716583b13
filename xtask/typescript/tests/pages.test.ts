// Lists of many pages, and what happens when the server forgets the first.
import assert from "node:assert/strict";
import { after, before, beforeEach, suite, test } from "node:test";

import { all, createPipeline, deletePipeline, each, isProblem, listPipelines, result } from "../api/index.js";
import { Proxy, once, problem } from "./proxy.js";
import { Service } from "./service.js";
import { namespace, pipeline, pipelines } from "./things.js";

suite("pages", { timeout: 300_000 }, () => {
  let service: Service;
  let proxy: Proxy;

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
  });

  const isLater = (url: URL) => url.searchParams.has("continue");

  test("every object comes once, and no page before it is needed", async () => {
    const params = { namespace: namespace(), limit: 3 };
    await pipelines(service.api, params.namespace, 8);
    const asked: number[] = [];
    const names: string[] = [];
    for await (const object of each(listPipelines, proxy.api, params)) {
      names.push(object.metadata.name);
      asked.push(proxy.asked.length);
    }
    assert.deepEqual(names, ["p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7"]);
    assert.deepEqual(asked, [1, 1, 1, 2, 2, 2, 3, 3]);
  });

  test("whoever stops early asks for no more", async () => {
    const params = { namespace: namespace(), limit: 2 };
    await pipelines(service.api, params.namespace, 6);
    for await (const object of each(listPipelines, proxy.api, params)) {
      if (object.metadata.name === "p1") {
        break;
      }
    }
    assert.equal(proxy.asked.length, 1);
  });

  test("after 410 the list begins again, without what was yielded", async () => {
    const params = { namespace: namespace(), limit: 3 };
    await pipelines(service.api, params.namespace, 8);
    const at = (name: string) => ({ namespace: params.namespace, name });
    proxy.fault = once(isLater, problem(410, "Expired"));
    const names: string[] = [];
    for await (const { metadata } of each(listPipelines, proxy.api, params)) {
      names.push(metadata.name);
      if (metadata.name === "p2") {
        await deletePipeline(service.api, at("p1"));
        await createPipeline(service.api, params, pipeline("p00"));
      }
    }
    assert.deepEqual(names, ["p0", "p1", "p2", "p00", "p3", "p4", "p5", "p6", "p7"]);
  });

  test("all objects of one moment are those of after the 410", async () => {
    const params = { namespace: namespace(), limit: 3 };
    await pipelines(service.api, params.namespace, 7);
    proxy.fault = once(isLater, (request, response) => {
      void deletePipeline(service.api, { ...params, name: "p0" }).then(() => problem(410, "Gone")(request, response));
      return true;
    });
    const { items, resourceVersion } = await all(listPipelines, proxy.api, params);
    assert.deepEqual(items.map((item) => item.metadata.name), ["p1", "p2", "p3", "p4", "p5", "p6"]);
    assert.equal(resourceVersion, (await listPipelines(service.api, params)).metadata.resourceVersion);
  });

  test("a list that never gets further ends with the problem", async () => {
    const params = { namespace: namespace(), limit: 3 };
    await pipelines(service.api, params.namespace, 7);
    proxy.fault = (request, response) => {
      return isLater(new URL(request.url ?? "", "http://proxy")) && problem(410, "Expired")(request, response);
    };
    const names: string[] = [];
    const reading = (async () => {
      for await (const object of each(listPipelines, proxy.api, params)) {
        names.push(object.metadata.name);
      }
    })();
    assert.ok(isProblem((await result(reading)).error, "Expired"));
    assert.deepEqual(names, ["p0", "p1", "p2"]);
    assert.ok(isProblem((await result(all(listPipelines, proxy.api, params))).error, "Expired"));
  });

  test("a page that the caller asked for is not replaced by the first", async () => {
    const params = { namespace: namespace(), limit: 3 };
    await pipelines(service.api, params.namespace, 7);
    const { metadata } = await listPipelines(service.api, params);
    proxy.fault = once(isLater, problem(410, "Expired"));
    const from = { ...params, continue: metadata.continue };
    assert.ok(isProblem((await result(all(listPipelines, proxy.api, from))).error, "Expired"));
  });

  test("another failure ends the list", async () => {
    const params = { namespace: namespace(), limit: 3 };
    await pipelines(service.api, params.namespace, 7);
    proxy.fault = once(isLater, problem(503, "ServiceUnavailable"));
    assert.ok(isProblem((await result(all(listPipelines, proxy.api, params))).error, "ServiceUnavailable"));
  });

  test("an abort ends the list", async () => {
    const params = { namespace: namespace(), limit: 3 };
    await pipelines(service.api, params.namespace, 7);
    const abort = new AbortController();
    const reading = (async () => {
      for await (const _ of each(listPipelines, proxy.api, params, { signal: abort.signal })) {
        abort.abort();
      }
    })();
    await assert.rejects(reading, { name: "AbortError" });
    assert.equal(proxy.asked.length, 1);
  });
});
