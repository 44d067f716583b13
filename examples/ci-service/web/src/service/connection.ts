/**
 * Whether the service can be reached. Every request goes through `observed`, so that nothing fails unseen; while the service
 * is gone, this asks for it until it is back.
 */
import { Store } from "./store.js";

export interface Connection {
  readonly state: "online" | "offline";
  /** Counts how often the service came back: what was read before may be out of date. */
  readonly returns: number;
}

export const connection = new Store<Connection>({ state: "online", returns: 0 });

/** What proxies answer for a service that is not there. */
const GATEWAY = [502, 503, 504];
const LONGEST_PAUSE = 5_000;

/** `fetch`, whose outcome tells whether the service is there. */
export const observed: typeof fetch = async (input, init) => {
  let response: Response;
  try {
    response = await fetch(input, init);
  } catch (error) {
    if (!init?.signal?.aborted) {
      lost();
    }
    throw error;
  }
  if (GATEWAY.includes(response.status)) {
    lost();
  } else {
    found();
  }
  return response;
};

/** Asks now whether the service is back. */
export async function probe(): Promise<void> {
  clearTimeout(timer);
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => undefined);
  if (answer?.ok) {
    found();
  } else {
    pause = Math.min(LONGEST_PAUSE, pause * 1.5);
    timer = setTimeout(() => void probe(), pause);
  }
}

let timer: ReturnType<typeof setTimeout> | undefined;
let pause = 0;

function lost(): void {
  const now = connection.get();
  if (now.state === "online") {
    connection.set({ ...now, state: "offline" });
    pause = 500;
    timer = setTimeout(() => void probe(), pause);
  }
}

function found(): void {
  const now = connection.get();
  if (now.state === "offline") {
    clearTimeout(timer);
    connection.set({ state: "online", returns: now.returns + 1 });
  }
}

window.addEventListener("offline", lost);
window.addEventListener("online", () => void probe());
