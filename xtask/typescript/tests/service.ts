// The example's service as a process, its objects in memory: what the client is tested against.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import type { Api } from "../api/index.js";

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) {
    throw new Error(`${name} is not set: run \`cargo xtask typescript\``);
  }
  return value;
}

/** A running service. */
export class Service {
  #process: ChildProcess | undefined;
  #port = 0;

  /** Starts it on a free port. */
  static async start(): Promise<Service> {
    const service = new Service();
    await service.start();
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The API as somebody sees it who may do everything. */
  get api(): Api {
    return { baseUrl: this.url, headers: { Authorization: "Bearer ada-secret" } };
  }

  /** Starts it on the port that it had before. */
  async start(): Promise<void> {
    const listen = ["--listen", `127.0.0.1:${this.#port}`, "--tokens", setting("CI_SERVICE_TOKENS")];
    const child = spawn(setting("CI_SERVICE"), listen, { stdio: ["ignore", "pipe", "ignore"] });
    this.#process = child;
    // Whatever ends the tests ends it.
    process.once("exit", () => child.kill("SIGKILL"));
    for await (const line of createInterface({ input: child.stdout })) {
      const port = /^listening on http:\/\/.*:(\d+)$/.exec(line)?.[1];
      if (port !== undefined) {
        this.#port = Number(port);
        return;
      }
    }
    throw new Error("the service did not start");
  }

  /** Kills it, as a crash does: what was in memory is gone. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    }
  }
}
