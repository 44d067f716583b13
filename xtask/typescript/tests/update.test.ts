// Changes that somebody else is making, too.
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";

import {
  type Api,
  ProblemError,
  createPipeline,
  getPipeline,
  isProblem,
  patchPipeline,
  replacePipeline,
  result,
  type types,
  updateWithRetry,
} from "../api/index.js";
import { Service } from "./service.js";
import { namespace, pipeline } from "./things.js";

suite("updateWithRetry", { timeout: 300_000 }, () => {
  let service: Service;
  let api: Api;

  before(async () => {
    service = await Service.start();
    api = service.api;
  });

  after(() => service.kill());

  /** One more than the object's annotation says. */
  function counted(object: types.Pipeline): types.Pipeline {
    const count = String(Number(object.metadata.annotations?.["count"] ?? 0) + 1);
    return { ...object, metadata: { ...object.metadata, annotations: { count } } };
  }

  test("of changes at the same time none is lost (409)", async () => {
    const at = { namespace: namespace(), name: "build" };
    await createPipeline(api, at, pipeline("build"));
    const count = () =>
      updateWithRetry(
        () => getPipeline(api, at),
        (changed) => replacePipeline(api, at, changed),
        counted,
        { attempts: 100 },
      );
    await Promise.all(Array.from({ length: 8 }, count));
    assert.equal((await getPipeline(api, at)).metadata.annotations?.["count"], "8");
  });

  test("a missed If-Match is tried again as well (412)", async () => {
    const at = { namespace: namespace(), name: "build" };
    await createPipeline(api, at, pipeline("build"));
    let attempts = 0;
    const written = await updateWithRetry(
      () => getPipeline(api, at),
      (labels: { [key: string]: string }, { metadata: { resourceVersion } }) =>
        patchPipeline(api, { ...at, resourceVersion }, { metadata: { labels } }),
      async () => {
        attempts += 1;
        if (attempts < 3) {
          await patchPipeline(api, at, { metadata: { annotations: { attempt: String(attempts) } } });
        }
        return { attempts: String(attempts) };
      },
    );
    assert.deepEqual([attempts, written.metadata.labels], [3, { attempts: "3" }]);
    assert.deepEqual(written.metadata.annotations, { attempt: "2" });
  });

  test("after the last attempt the conflict is thrown", async () => {
    const at = { namespace: namespace(), name: "build" };
    const old = await createPipeline(api, at, pipeline("build"));
    await patchPipeline(api, at, { metadata: { labels: { a: "b" } } });
    let reads = 0;
    const update = updateWithRetry(
      async () => ((reads += 1), old),
      (changed: types.Pipeline) => replacePipeline(api, at, changed),
      counted,
      { attempts: 3 },
    );
    assert.ok(isProblem((await result(update)).error, "Conflict"));
    assert.equal(reads, 3);
  });

  test("nothing to do is nothing written", async () => {
    const at = { namespace: namespace(), name: "build" };
    const made = await createPipeline(api, at, pipeline("build"));
    const never = () => Promise.reject(new Error("was written"));
    assert.deepEqual(await updateWithRetry(() => getPipeline(api, at), never, () => undefined), made);
  });

  test("the type of what is written follows from what is read, or from what `write` takes", async () => {
    const at = { namespace: namespace(), name: "build" };
    await createPipeline(api, at, pipeline("build"));
    const read = () => getPipeline(api, at);
    const labels = { a: "b" };
    const whole: types.Pipeline = await updateWithRetry(
      read,
      (changed) => replacePipeline(api, at, changed),
      (stored) => ({ ...stored, metadata: { ...stored.metadata, labels } }),
    );
    const input: types.Pipeline = await updateWithRetry(
      read,
      (changed: types.PipelineInput) => replacePipeline(api, at, changed),
      async ({ spec, metadata: { name, resourceVersion } }) => ({ metadata: { name, resourceVersion }, spec }),
    );
    const wrong = updateWithRetry(
      read,
      (changed) => replacePipeline(api, at, changed),
      // @ts-expect-error `write` takes a pipeline.
      (stored) => ({ spec: stored.spec }),
    );
    assert.deepEqual([whole.metadata.labels, input.metadata.labels], [labels, undefined]);
    assert.ok(isProblem((await result(wrong)).error));
  });

  test("another failure, or a conflict of another sort, is thrown at once", async () => {
    const gone = { namespace: namespace(), name: "none" };
    const read = () => getPipeline(api, gone);
    const missing = updateWithRetry(read, () => read(), (object) => object);
    assert.ok(isProblem((await result(missing)).error, "NotFound"));
    let writes = 0;
    const busy = new ProblemError({ type: "urn:busy", title: "Busy", status: 409, reason: "Conflict" });
    const write = () => ((writes += 1), Promise.reject(busy));
    assert.equal((await result(updateWithRetry(async () => 1, write, () => 2))).error, busy);
    assert.equal(writes, 1);
  });

  test("an abort ends the attempts", async () => {
    const abort = new AbortController();
    const conflict = new ProblemError({ type: "about:blank", title: "Conflict", status: 409, reason: "Conflict" });
    const write = () => (abort.abort(), Promise.reject(conflict));
    const update = updateWithRetry(async () => 1, write, () => 2, { signal: abort.signal });
    await assert.rejects(update, { name: "AbortError" });
  });
});
