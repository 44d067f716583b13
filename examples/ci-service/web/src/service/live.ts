/**
 * Objects that keep themselves up to date: one watch a kind, shared by whoever looks at it, and over as soon as nobody does.
 */
import { useMemo, useSyncExternalStore } from "react";

import type { Api, WatchOptions, WatchQuery } from "../api/index.js";
import type { ObjectMeta, WatchedObject } from "../api/types.js";
import { connection } from "./connection.js";
import { useApi } from "./session.js";

interface Stored {
  readonly metadata: ObjectMeta;
}

interface Told<T> {
  readonly type: string;
  readonly object?: T;
  readonly gone?: WatchedObject;
}

export type Watch<T> = (api: Api, query: WatchQuery, options: WatchOptions) => AsyncIterable<Told<T>>;

/** What is known of the objects of a kind. */
export interface Live<T> {
  /** `loading` until all were told once; `failed` when the service refuses to tell. */
  readonly state: "loading" | "ready" | "failed";
  /** The newest first. */
  readonly items: readonly T[];
  /** Why it failed. */
  readonly error?: unknown;
}

/** A tab that nobody sees keeps no connection: browsers open only few to one host. */
const HIDDEN_FOR = 20_000;
/** A page that is left for another of the same kind finds everything there. */
const LINGER = 3_000;
/** Events that come together are shown together. */
const BATCH = 16;

class Collection<T extends Stored> {
  readonly #watch: Watch<T>;
  readonly #api: Api;
  readonly #objects = new Map<string, T>();
  /** What the watch told since it began: nothing else is there once it has told all. */
  readonly #told = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #snapshot: Live<T> = { state: "loading", items: [] };
  #running: AbortController | undefined;
  #flush: ReturnType<typeof setTimeout> | undefined;
  #lingering: ReturnType<typeof setTimeout> | undefined;
  #hidden: ReturnType<typeof setTimeout> | undefined;
  #returns = connection.get().returns;

  constructor(watch: Watch<T>, api: Api) {
    this.#watch = watch;
    this.#api = api;
    connection.subscribe(() => this.#onConnection());
    document.addEventListener("visibilitychange", () => this.#onVisibility());
  }

  readonly get = (): Live<T> => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    clearTimeout(this.#lingering);
    this.start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        this.#lingering = setTimeout(() => this.#stop(), LINGER);
      }
    };
  };

  /** Begins to watch, unless that is under way. */
  start(): void {
    if (this.#running === undefined) {
      this.#running = new AbortController();
      void this.#run(this.#running.signal);
    }
  }

  /** Begins anew. */
  restart(): void {
    this.#stop();
    if (this.#snapshot.state === "failed") {
      this.#publish({ state: "loading", items: [] });
    }
    if (this.#listeners.size > 0) {
      this.start();
    }
  }

  #stop(): void {
    this.#running?.abort();
    this.#running = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    this.#told.clear();
    try {
      for await (const event of this.#watch(this.#api, {}, { signal })) {
        if (signal.aborted) {
          return;
        }
        this.#take(event);
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#running = undefined;
        this.#publish({ state: "failed", items: [], error });
      }
    }
  }

  #take(event: Told<T>): void {
    if (event.type === "SYNCED") {
      for (const uid of this.#objects.keys()) {
        if (!this.#told.has(uid)) {
          this.#objects.delete(uid);
        }
      }
      this.#snapshot = { ...this.#snapshot, state: "ready" };
    } else if (event.type === "DELETED") {
      const uid = event.gone?.uid ?? event.object?.metadata.uid ?? "";
      this.#objects.delete(uid);
      this.#told.delete(uid);
    } else if (event.object) {
      this.#objects.set(event.object.metadata.uid, event.object);
      this.#told.add(event.object.metadata.uid);
    } else {
      return;
    }
    this.#flush ??= setTimeout(() => {
      this.#flush = undefined;
      const state = this.#snapshot.state === "ready" ? "ready" : "loading";
      this.#publish({ state, items: [...this.#objects.values()].sort(newestFirst) });
    }, BATCH);
  }

  #publish(snapshot: Live<T>): void {
    clearTimeout(this.#flush);
    this.#flush = undefined;
    this.#snapshot = snapshot;
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }

  #onConnection(): void {
    const { returns } = connection.get();
    if (returns !== this.#returns) {
      this.#returns = returns;
      this.restart();
    }
  }

  #onVisibility(): void {
    clearTimeout(this.#hidden);
    if (document.hidden) {
      this.#hidden = setTimeout(() => this.#stop(), HIDDEN_FOR);
    } else if (this.#listeners.size > 0) {
      this.start();
    }
  }
}

/** `run-10` is newer than `run-9`. */
const NAMES = new Intl.Collator("en", { numeric: true });

function newestFirst(a: Stored, b: Stored): number {
  const [left, right] = [a.metadata, b.metadata];
  return (
    compare(right.creationTimestamp, left.creationTimestamp) ||
    NAMES.compare(right.name, left.name) ||
    NAMES.compare(left.namespace ?? "", right.namespace ?? "")
  );
}

const collections = new WeakMap<Api, Map<unknown, Collection<Stored>>>();

function collection<T extends Stored>(api: Api, watch: Watch<T>): Collection<T> {
  const ofApi = collections.get(api) ?? new Map<unknown, Collection<Stored>>();
  collections.set(api, ofApi);
  const found = ofApi.get(watch) ?? (new Collection(watch, api) as unknown as Collection<Stored>);
  ofApi.set(watch, found);
  return found as unknown as Collection<T>;
}

/** The objects that a watch tells of, and what to do to begin anew. */
export function useLive<T extends Stored>(watch: Watch<T>): Live<T> & { retry: () => void } {
  const api = useApi();
  const objects = useMemo(() => collection(api, watch), [api, watch]);
  const live = useSyncExternalStore(objects.subscribe, objects.get);
  return useMemo(() => ({ ...live, retry: () => objects.restart() }), [live, objects]);
}

/** Times in UTC, of one length: their order is that of their letters. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
