// What lies between a client and a service, and what goes wrong there.
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import type { Api } from "../api/index.js";
import type { Service } from "./service.js";

/** What becomes of a request: true when it was dealt with, and else it is passed on. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A proxy before a service. */
export class Proxy {
  readonly #service: Service;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** The paths and queries that were asked for. */
  readonly asked: string[] = [];
  /** Looks at every request first. */
  fault: Fault = () => false;

  private constructor(service: Service) {
    this.#service = service;
    this.#server = createServer((request, response) => this.#handle(request, response));
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  static async before(service: Service): Promise<Proxy> {
    const proxy = new Proxy(service);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get api(): Api {
    const { port } = this.#server.address() as AddressInfo;
    return { ...this.#service.api, baseUrl: `http://127.0.0.1:${port}` };
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Breaks every connection. */
  cut(): void {
    this.#sockets.forEach((socket) => socket.destroy());
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    this.asked.push(incoming.url ?? "");
    if (this.fault(incoming, outgoing)) {
      return;
    }
    const onward = request(`${this.#service.url}${incoming.url}`, { method: incoming.method, headers: incoming.headers });
    onward.on("response", (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
      answer.on("error", () => outgoing.destroy());
    });
    onward.on("error", () => outgoing.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  }
}

/** A problem document. */
export function problem(status: number, reason: string): Fault {
  return (_, response) => {
    response.writeHead(status, { "Content-Type": "application/problem+json" });
    response.end(JSON.stringify({ type: "about:blank", title: reason, status, reason, detail: `injected: ${reason}` }));
    return true;
  };
}

/** This fault for the first request that fits, and none after it. */
export function once(fits: (url: URL) => boolean, fault: Fault): Fault {
  let isOver = false;
  return (request, response) => {
    if (isOver || !fits(new URL(request.url ?? "", "http://proxy"))) {
      return false;
    }
    isOver = true;
    return fault(request, response);
  };
}
