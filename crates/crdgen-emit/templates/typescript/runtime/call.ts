import { reach, refusal } from "./problem.js";

/** What headers can be given as. */
export type HeadersLike = RequestInit["headers"];

/** Where the API is and how it is reached. */
export interface Api {
  /** What stands before every path; empty for the page's own origin. */
  readonly baseUrl?: string | undefined;
  /** Headers of every call. A function is asked before each: for a token that is renewed, or a request that is rendered. */
  readonly headers?: HeadersLike | (() => HeadersLike | Promise<HeadersLike>);
  /** Called instead of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * What tells it from other APIs in the keys of caches; `baseUrl` when not given. The same on both sides where a server
   * renders pages and reaches the API at another address than browsers do.
   */
  readonly id?: string | undefined;
  /** Told what the server warns of although it does what it was asked: fields that it drops, a version that is deprecated. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** What one call may do otherwise. */
export interface CallOptions {
  /** Aborts the call. */
  readonly signal?: AbortSignal | undefined;
  /** Headers of this call, over those of the API. */
  readonly headers?: HeadersLike;
  /** Called instead of the API's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** How a deletion is done. */
export interface DeleteOptions extends CallOptions {
  /** With `All` nothing is stored; the answer is what it would be. */
  readonly dryRun?: "All" | undefined;
}

/** How a write is done. */
export interface WriteOptions extends DeleteOptions {
  /** Who writes, as managed fields have it. */
  readonly fieldManager?: string | undefined;
  /** What becomes of fields that the kind does not declare: `Ignore` and `Warn` drop them, `Strict` refuses. */
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict" | undefined;
}

/** Where objects are. */
export interface InNamespace {
  readonly namespace: string;
}

/** Which object. */
export interface ByName {
  readonly name: string;
}

/** The stored version that a change is meant for. */
export interface AtVersion {
  /** `metadata.resourceVersion`: when the stored object has another one, the call fails with `PreconditionFailed` (412). */
  readonly resourceVersion?: string | undefined;
}

/** Which objects. */
export interface Selection {
  /** Only objects with these labels, as in `app=web,tier!=test`. */
  readonly labelSelector?: string | undefined;
  /** Only objects with these fields, as in `metadata.name=web`. */
  readonly fieldSelector?: string | undefined;
}

/** Which objects and how many. */
export interface ListQuery extends Selection {
  /** How many objects a page holds at most. */
  readonly limit?: number | undefined;
  /** Where the page begins: `metadata.continue` of the page before. */
  readonly continue?: string | undefined;
}

/** Which objects to watch, and since when. */
export interface WatchQuery extends Selection {
  /** Goes on after this version, instead of beginning with all objects. */
  readonly resourceVersion?: string | undefined;
}

/** What a request carries. */
export interface Sent {
  readonly query?: (ListQuery & WatchQuery & WriteOptions) | undefined;
  readonly body?: unknown;
  /** The body's media type; JSON unless told. */
  readonly type?: string;
  readonly resourceVersion?: string | undefined;
}

const PROBLEM = "application/problem+json";

/** Calls, and reads the answer. */
export async function send<Answer>(
  api: Api,
  method: string,
  path: readonly string[],
  options: CallOptions | undefined,
  sent: Sent,
): Promise<Answer> {
  const response = await call(api, method, path, options, sent, "application/json");
  const text = await reach(response.text(), options?.signal);
  try {
    return JSON.parse(text) as Answer;
  } catch {
    throw refusal(response, text);
  }
}

/** Calls, and throws what the answer says when it is a failure. */
export async function call(
  api: Api,
  method: string,
  path: readonly string[],
  options: CallOptions | undefined,
  sent: Sent,
  accept: string,
): Promise<Response> {
  const headers = new Headers(typeof api.headers === "function" ? await api.headers() : api.headers);
  new Headers(options?.headers).forEach((value, name) => headers.set(name, value));
  headers.set("Accept", `${accept}, ${PROBLEM}`);
  if (sent.resourceVersion !== undefined) {
    headers.set("If-Match", `"${sent.resourceVersion}"`);
  }
  const signal = options?.signal;
  const init: RequestInit = { method, headers, signal: signal ?? null };
  if (sent.body !== undefined) {
    headers.set("Content-Type", sent.type ?? "application/json");
    init.body = JSON.stringify(sent.body);
  }
  const base = (api.baseUrl ?? "").replace(/\/+$/, "");
  const url = `${base}/${path.map(segment).join("/")}${search(sent.query)}`;
  const response = await reach((options?.fetch ?? api.fetch ?? globalThis.fetch)(url, init), signal);
  for (const [, text = ""] of response.headers.get("Warning")?.matchAll(WARNING) ?? []) {
    api.onWarning?.(text.replace(/\\(.)/g, "$1"));
  }
  if (!response.ok) {
    throw refusal(response, await reach(response.text(), signal));
  }
  return response;
}

/** `299 - "text"`, of which a header holds any number. */
const WARNING = /\b299 \S+ "((?:[^"\\]|\\.)*)"/g;

/** Encodes a segment of a path. What would lead to another path is refused before it is sent. */
function segment(text: string): string {
  if (/^\.{0,2}$/.test(text)) {
    throw new TypeError(`not a name: "${text}"`);
  }
  return encodeURIComponent(text);
}

/** Written out: a bundle drops what it does not need only where nothing is computed. */
const KEYS = [
  "limit",
  "continue",
  "labelSelector",
  "fieldSelector",
  "resourceVersion",
  "dryRun",
  "fieldManager",
  "fieldValidation",
] as const;

function search(query: Sent["query"]): string {
  const search = new URLSearchParams();
  for (const key of KEYS) {
    const value = query?.[key];
    if (value !== undefined) {
      search.set(key, String(value));
    }
  }
  const text = String(search);
  return text && `?${text}`;
}
