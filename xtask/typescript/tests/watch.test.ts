// Watches: what they tell, and how they live on when connections do not.
import assert from "node:assert/strict";
import { after, before, beforeEach, suite, test } from "node:test";

import {
  type Api,
  ProblemError,
  type WatchOptions,
  type types,
  all,
  createPipeline,
  deletePipeline,
  isProblem,
  listPipelines,
  patchPipeline,
  watchPipelines,
} from "../api/index.js";
import { Proxy, once, problem } from "./proxy.js";
import { Service } from "./service.js";
import { namespace, pipeline, pipelines, there, until } from "./things.js";

/** A watch, and what it told so far. */
class Watching {
  readonly told: string[] = [];
  readonly states: string[] = [];
  readonly problems: ProblemError[] = [];
  /** The names of all objects, as who keeps what the events tell believes it. */
  readonly kept = new Map<string, string>();
  readonly #abort = new AbortController();
  readonly #reading: Promise<unknown>;

  constructor(api: Api, params: { namespace: string; resourceVersion?: string | undefined }, options: WatchOptions = {}) {
    const onConnection: WatchOptions["onConnection"] = (state, why) => {
      this.states.push(state);
      this.problems.push(...(why ? [why] : []));
    };
    const own = { ...options, signal: this.#abort.signal, onConnection };
    this.#reading = this.#read(watchPipelines(api, params, own)).catch((error: unknown) => error);
  }

  async #read(events: AsyncIterable<types.PipelineWatchEvent>): Promise<void> {
    for await (const event of events) {
      const metadata = event.object?.metadata ?? event.gone;
      this.told.push(metadata ? `${event.type} ${metadata.name}` : event.type);
      if (event.type === "DELETED") {
        this.kept.delete(there(metadata).uid);
      } else if (metadata) {
        this.kept.set(metadata.uid, metadata.name);
      }
    }
  }

  /** Waits until this was told, and takes all that was told up to it. */
  async hear(last: string): Promise<string[]> {
    await until(() => this.told.includes(last));
    return this.told.splice(0, this.told.indexOf(last) + 1);
  }

  /** What the loop ends with: nothing when it ends in order. */
  end(): Promise<unknown> {
    return this.#reading;
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    assert.equal(await this.end(), undefined);
  }
}

suite("watches", { timeout: 300_000 }, () => {
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

  const isBeginning = (url: URL) => !url.searchParams.has("resourceVersion");

  test("first what is there, then what happens", async () => {
    const params = { namespace: namespace() };
    await pipelines(service.api, params.namespace, 2);
    const watching = new Watching(service.api, params);
    assert.deepEqual(await watching.hear("SYNCED"), ["ADDED p0", "ADDED p1", "SYNCED"]);
    await createPipeline(service.api, params, pipeline("new"));
    await patchPipeline(service.api, { ...params, name: "new" }, { metadata: { labels: { a: "b" } } });
    await deletePipeline(service.api, { ...params, name: "new" });
    assert.deepEqual(await watching.hear("DELETED new"), ["ADDED new", "MODIFIED new", "DELETED new"]);
    assert.deepEqual(watching.states, ["open"]);
    await watching.stop();
  });

  test("a list says where a watch goes on", async () => {
    const params = { namespace: namespace() };
    await pipelines(service.api, params.namespace, 2);
    const { resourceVersion } = await all(listPipelines, service.api, params);
    const watching = new Watching(service.api, { ...params, resourceVersion });
    await createPipeline(service.api, params, pipeline("new"));
    assert.deepEqual(await watching.hear("ADDED new"), ["ADDED new"]);
    await watching.stop();
  });

  test("selectors hold for watches", async () => {
    const params = { namespace: namespace(), labelSelector: "a=b" };
    await pipelines(service.api, params.namespace, 2);
    const watching = new Watching(service.api, params);
    assert.deepEqual(await watching.hear("SYNCED"), ["SYNCED"]);
    await patchPipeline(service.api, { ...params, name: "p1" }, { metadata: { labels: { a: "b" } } });
    assert.deepEqual(await watching.hear("ADDED p1"), ["ADDED p1"]);
    await watching.stop();
  });

  test("leaving the loop closes the connection", async () => {
    const params = { namespace: namespace() };
    let closed = false;
    proxy.fault = (_, response) => {
      response.on("close", () => (closed = true));
      return false;
    };
    for await (const event of watchPipelines(proxy.api, params)) {
      assert.equal(event.type, "SYNCED");
      break;
    }
    await until(() => closed);
  });

  test("an aborted signal ends the loop, also before it began", async () => {
    const options = { signal: AbortSignal.abort() };
    for await (const event of watchPipelines(proxy.api, { namespace: namespace() }, options)) {
      assert.fail(event.type);
    }
    assert.deepEqual(proxy.asked, []);
  });

  test("a connection that breaks is opened where it was", async () => {
    const params = { namespace: namespace() };
    await pipelines(service.api, params.namespace, 2);
    const watching = new Watching(proxy.api, params);
    await watching.hear("SYNCED");
    proxy.cut();
    await createPipeline(service.api, params, pipeline("new"));
    // What was told is not told again.
    assert.deepEqual(await watching.hear("ADDED new"), ["ADDED new"]);
    assert.deepEqual(watching.states, ["open", "broken", "open"]);
    assert.equal(there(watching.problems[0]).problem.reason, "Unreachable");
    assert.deepEqual(proxy.asked.map((url) => isBeginning(new URL(url, "http://proxy"))), [true, false]);
    await watching.stop();
  });

  test("a connection that breaks at the beginning tells nothing twice", async () => {
    const params = { namespace: namespace() };
    await pipelines(service.api, params.namespace, 3);
    const [first] = (await listPipelines(service.api, params)).items;
    proxy.fault = once(isBeginning, (_, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.write(`data: ${JSON.stringify({ type: "ADDED", object: first })}\n\n`);
      setTimeout(() => response.destroy(), 100);
      return true;
    });
    const watching = new Watching(proxy.api, params);
    assert.deepEqual(await watching.hear("SYNCED"), ["ADDED p0", "ADDED p1", "ADDED p2", "SYNCED"]);
    await watching.stop();
  });

  test("after 410 only what is new is told, and what went", async () => {
    const params = { namespace: namespace() };
    const at = (name: string) => ({ ...params, name });
    await pipelines(service.api, params.namespace, 4);
    const watching = new Watching(proxy.api, params);
    await watching.hear("SYNCED");
    proxy.fault = once((url) => !isBeginning(url), (request, response) => {
      const change = async () => {
        await deletePipeline(service.api, at("p1"));
        await patchPipeline(service.api, at("p2"), { metadata: { labels: { a: "b" } } });
        await deletePipeline(service.api, at("p3"));
        await createPipeline(service.api, params, pipeline("p3"));
        await createPipeline(service.api, params, pipeline("p4"));
      };
      void change().then(() => problem(410, "Expired")(request, response));
      return true;
    });
    proxy.cut();
    // The one that took the name of another: first that one is gone.
    const told = ["MODIFIED p2", "DELETED p3", "ADDED p3", "ADDED p4", "DELETED p1", "SYNCED"];
    assert.deepEqual(await watching.hear("SYNCED"), told);
    const { items } = await listPipelines(service.api, params);
    assert.deepEqual(new Set(watching.kept.keys()), new Set(items.map((item) => item.metadata.uid)));
    await watching.stop();
  });

  test("a 410 inside the stream is one as well", async () => {
    const params = { namespace: namespace() };
    await pipelines(service.api, params.namespace, 1);
    const watching = new Watching(proxy.api, params);
    await watching.hear("SYNCED");
    proxy.fault = once((url) => !isBeginning(url), (_, response) => {
      const error = { type: "about:blank", title: "Gone", status: 410, reason: "Expired" };
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      response.end(`data: ${JSON.stringify({ type: "ERROR", error })}\n\n`);
      return true;
    });
    proxy.cut();
    assert.deepEqual(await watching.hear("SYNCED"), ["SYNCED"]);
    await watching.stop();
  });

  test("a version that the caller asked for and that is gone is thrown", async () => {
    proxy.fault = problem(410, "Expired");
    const watching = new Watching(proxy.api, { namespace: namespace(), resourceVersion: "1" });
    assert.ok(isProblem(await watching.end(), "Expired"));
  });

  test("a problem that will not pass is thrown, one that may is waited out", async () => {
    const stranger = new Watching({ baseUrl: service.url }, { namespace: "a" });
    assert.ok(isProblem(await stranger.end(), "Unauthorized"));
    proxy.fault = once(() => true, problem(503, "ServiceUnavailable"));
    const watching = new Watching(proxy.api, { namespace: namespace() });
    await watching.hear("SYNCED");
    assert.deepEqual(watching.states, ["broken", "open"]);
    assert.ok(isProblem(watching.problems[0], "ServiceUnavailable"));
    await watching.stop();
  });

  test("a connection that says nothing is taken for dead; heartbeats keep it alive", async (context) => {
    const params = { namespace: namespace() };
    const silence = 4_000;
    const beats: number[] = [Date.now()];
    proxy.fault = once(() => true, (_, response) => {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      const heart = setInterval(() => {
        beats.push(Date.now());
        response.write(":\n\n");
        if (beats.length === 20) {
          clearInterval(heart);
        }
      }, 250);
      return true;
    });
    // The heartbeats last longer than the silence that is allowed, so it is they who keep it alive.
    const watching = new Watching(proxy.api, params, { silence });
    await watching.hear("SYNCED");
    await watching.stop();
    assert.deepEqual(watching.states, ["open", "broken", "open"]);
    assert.match(there(watching.problems[0]).message, /no data for/);
    const longest = Math.max(...beats.slice(1).map((beat, index) => beat - there(beats[index])));
    if (longest > silence / 2) {
      context.skip(`this machine did nothing for ${longest} ms`);
      return;
    }
    assert.equal(beats.length, 20);
  });

  test("a server that accepts and never answers is given up, too", async () => {
    proxy.fault = once(() => true, () => true);
    const watching = new Watching(proxy.api, { namespace: namespace() }, { silence: 200 });
    await watching.hear("SYNCED");
    assert.deepEqual(watching.states, ["broken", "open"]);
    await watching.stop();
  });

  test("a service that is away is waited for", async () => {
    const own = await Service.start();
    const params = { namespace: namespace() };
    await pipelines(own.api, params.namespace, 3);
    const watching = new Watching(own.api, params);
    await watching.hear("SYNCED");
    await own.kill();
    await until(() => watching.states.includes("broken"));
    await own.start();
    // What was in memory is lost. Whoever keeps what is told must learn so.
    await createPipeline(own.api, params, pipeline("new"));
    await until(() => [...watching.kept.values()].join() === "new");
    await watching.stop();
    await own.kill();
  });

  test("text that is cut anywhere arrives whole", async () => {
    const params = { namespace: namespace() };
    const [object] = await pipelines(service.api, params.namespace, 1);
    const named = { ...there(object), metadata: { ...there(object).metadata, name: "größe-名前-🙂" } };
    const [added, synced] = [{ type: "ADDED", object: named }, { type: "SYNCED", resourceVersion: "1" }];
    for (const end of ["\n", "\r\n", "\r"]) {
      const text = `: hello${end}id: 1${end}data:${JSON.stringify(added)}${end}${end}data: ${JSON.stringify(synced)}${end}${end}`;
      const bytes = Buffer.from(`${text}:${end}`);
      proxy.fault = once(() => true, (_, response) => {
        response.writeHead(200, { "Content-Type": "text/event-stream" });
        const send = async () => {
          for (let at = 0; at < bytes.length; at += 7) {
            response.write(bytes.subarray(at, at + 7));
            await new Promise((resolve) => setImmediate(resolve));
          }
        };
        void send();
        return true;
      });
      const watching = new Watching(proxy.api, params);
      assert.deepEqual(await watching.hear("SYNCED"), ["ADDED größe-名前-🙂", "SYNCED"]);
      await watching.stop();
    }
  });
});
