/** The service as a process, and callers of it beside the browser. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

import type { PipelineInput, PipelineRun, PipelineRunInput, PipelineRunStatus, ProjectInput } from "../src/api/types.js";

const PROGRAM = process.env["CI_SERVICE"] ?? join(import.meta.dirname, "../../../../target/debug/ci-service");
const TOKENS = join(import.meta.dirname, "../../tokens.example");
const PREFIX = "/apis/ci.example.com/v1/namespaces";
const SHOP = "shop";

export type Token = "ada-secret" | "bob-secret" | "eve-secret";

export class Service {
  #process: ChildProcess | undefined;
  #port: number | undefined;
  readonly #arguments: readonly string[];
  readonly #door: Server;

  private constructor(args: readonly string[]) {
    this.#arguments = args;
    // The browser's address stays the same when the service comes back on another port.
    this.#door = createServer((visitor) => {
      visitor.on("error", () => visitor.destroy());
      if (this.#port === undefined) {
        visitor.destroy();
        return;
      }
      const inside = connect(this.#port, "127.0.0.1");
      inside.on("error", () => visitor.destroy());
      inside.on("close", () => visitor.destroy());
      visitor.on("close", () => inside.destroy());
      visitor.pipe(inside).pipe(visitor);
    });
  }

  /** Starts a service with nothing in it, or with the demo. */
  static async start(...args: "--demo"[]): Promise<Service> {
    const service = new Service(args);
    service.#door.listen(0, "127.0.0.1");
    await once(service.#door, "listening");
    await service.begin();
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#door.address() as AddressInfo).port}`;
  }

  /** Starts the program, anew after `end`. */
  async begin(): Promise<void> {
    const program = spawn(PROGRAM, ["--listen", "127.0.0.1:0", "--tokens", TOKENS, ...this.#arguments], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.#process = program;
    for await (const line of createInterface({ input: program.stdout })) {
      this.#port = Number(line.slice(line.lastIndexOf(":") + 1));
      return;
    }
    throw new Error(`${PROGRAM} does not start`);
  }

  /** Ends the program; the address stays. */
  async end(): Promise<void> {
    this.#port = undefined;
    if (this.#process?.exitCode === null) {
      const ended = once(this.#process, "exit");
      this.#process.kill("SIGKILL");
      await ended;
    }
  }

  async close(): Promise<void> {
    await this.end();
    this.#door.close();
  }

  /** Calls the API as somebody else than the browser. */
  async call<Answer>(token: Token, method: string, path: string, body?: unknown): Promise<Answer> {
    const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const response = await fetch(`${this.url}${PREFIX}/${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, "Content-Type": type },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return (await response.json()) as Answer;
  }

  createProject(): Promise<unknown> {
    const project: ProjectInput = {
      apiVersion: "ci.example.com/v1",
      kind: "Project",
      metadata: { name: "web" },
      spec: { repository: { url: "https://git.example.com/shop/web.git" } },
    };
    return this.call("ada-secret", "POST", `${SHOP}/projects`, project);
  }

  createPipeline(namespace = SHOP): Promise<unknown> {
    const pipeline: PipelineInput = {
      apiVersion: "ci.example.com/v1",
      kind: "Pipeline",
      metadata: { name: "build" },
      spec: {
        project: "web",
        params: [
          { name: "target", description: "Where it is deployed to.", choices: ["staging", "production"], default: "staging" },
          { name: "jobs", type: "number", default: 4 },
        ],
        tasks: [
          { name: "test", image: "rust:1", script: "cargo test" },
          { name: "deploy", image: "helm:3", script: "helm upgrade web ./chart", runAfter: ["test"] },
        ],
      },
    };
    return this.call("ada-secret", "POST", `${namespace}/pipelines`, pipeline);
  }

  createRun(name: string, branch: string, namespace = SHOP): Promise<PipelineRun> {
    const run: PipelineRunInput = {
      apiVersion: "ci.example.com/v1",
      kind: "PipelineRun",
      metadata: { name },
      spec: { pipeline: "build", source: { branch } },
    };
    return this.call("bob-secret", "POST", `${namespace}/pipelineruns`, run);
  }

  /** What the operator would write. */
  report(name: string, status: PipelineRunStatus, namespace = SHOP): Promise<PipelineRun> {
    return this.call("ada-secret", "PATCH", `${namespace}/pipelineruns/${name}/status`, { status });
  }
}
