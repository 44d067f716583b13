import { reach, refusal } from "./problem.js";

/** Headers in any form that `fetch` accepts. */
export type HeadersLike = RequestInit["headers"];

/** Address of the API and settings of all calls. */
export interface Api {
  /** Prefix of every path. Default: empty, for the origin of the page. */
  readonly baseUrl?: string | undefined;
  /**
   * Bearer token of every call. A function is called before each call, and each time a watch connects, for example to read
   * a token that is renewed. No token is sent if it is undefined or empty. A header `Authorization` takes precedence.
   */
  readonly token?: string | undefined | (() => string | undefined | Promise<string | undefined>);
  /** Headers of every call. A function is called before each call, for example to read an id of a trace. */
  readonly headers?: HeadersLike | (() => HeadersLike | Promise<HeadersLike>);
  /** Function to use instead of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /**
   * Name of the API in the keys of caches. Default: `baseUrl`. Set it if a server renders pages and reaches the API at
   * another address than browsers do: both must use the same name.
   */
  readonly id?: string | undefined;
  /** Called with each warning of a call that succeeds, for example about a dropped field or a deprecated version. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/** Settings of one call. */
export interface CallOptions {
  /** Aborts the call. */
  readonly signal?: AbortSignal | undefined;
  /** Headers of this call. They replace headers of the API that have the same name. */
  readonly headers?: HeadersLike;
  /** Function to use instead of the API's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** Settings of a deletion. */
export interface DeleteOptions extends CallOptions {
  /** With `All`, nothing is stored. The answer is that of a real write. */
  readonly dryRun?: "All" | undefined;
}

/** Settings of a write. */
export interface WriteOptions extends DeleteOptions {
  /** Name of the field manager, for `metadata.managedFields`. */
  readonly fieldManager?: string | undefined;
  /** Treatment of undeclared fields: `Ignore` drops them, `Warn` drops them with a warning, `Strict` refuses them. */
  readonly fieldValidation?: "Ignore" | "Warn" | "Strict" | undefined;
}

/** Namespace of objects. */
export interface InNamespace {
  readonly namespace: string;
}

/** Name of an object. */
export interface ByName {
  readonly name: string;
}

/** Version to which a change applies. */
export interface AtVersion {
  /** `metadata.resourceVersion`. If the stored object has another one, the call fails with `PreconditionFailed` (412). */
  readonly resourceVersion?: string | undefined;
}

/** Selectors of objects. */
export interface Selection {
  /** Only objects with these labels, for example `app=web,tier!=test`. */
  readonly labelSelector?: string | undefined;
  /** Only objects with these fields, for example `metadata.name=web`. */
  readonly fieldSelector?: string | undefined;
}

/** Selectors and page of a list. */
export interface ListQuery extends Selection {
  /** Maximum number of objects on a page. */
  readonly limit?: number | undefined;
  /** `metadata.continue` of the previous page. */
  readonly continue?: string | undefined;
}

/** Selectors and first version of a watch. */
export interface WatchQuery extends Selection {
  /** Version after which to watch. Without it, the watch begins with all objects. */
  readonly resourceVersion?: string | undefined;
}

/** Query, body and version that a request sends. */
export interface Sent {
  readonly query?: (ListQuery & WatchQuery & WriteOptions) | undefined;
  /** Namespace as a query parameter. */
  readonly namespace?: string | undefined;
  readonly body?: unknown;
  /** Media type of the body. Default: JSON. */
  readonly type?: string;
  readonly resourceVersion?: string | undefined;
}

const PROBLEM = "application/problem+json";

/** Sends a request and returns the JSON of the answer. */
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

/** Sends a request and returns the response. Throws a `ProblemError` if the answer is a failure. */
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
  if (!headers.has("Authorization")) {
    const token = typeof api.token === "function" ? await api.token() : api.token;
    if (token) {
      headers.set("Authorization", `Bearer ${token}`);
    }
  }
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
  const url = `${base}/${path.map(segment).join("/")}${search(sent)}`;
  const response = await reach((options?.fetch ?? api.fetch ?? globalThis.fetch)(url, init), signal);
  for (const [, text = ""] of response.headers.get("Warning")?.matchAll(WARNING) ?? []) {
    api.onWarning?.(text.replace(/\\(.)/g, "$1"));
  }
  if (!response.ok) {
    throw refusal(response, await reach(response.text(), signal));
  }
  return response;
}

/** `299 - "text"`. A header can contain several of these. */
const WARNING = /\b299 \S+ "((?:[^"\\]|\\.)*)"/g;

/** Encodes a segment of a path. Throws if the segment would change the path. */
function segment(text: string): string {
  if (/^\.{0,2}$/.test(text)) {
    throw new TypeError(`not a name: "${text}"`);
  }
  return encodeURIComponent(text);
}

/** Names of query parameters. The list is a literal, so that a bundler can drop unused code. */
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

function search({ query, namespace }: Sent): string {
  const search = new URLSearchParams();
  if (namespace !== undefined) {
    search.set("namespace", namespace);
  }
  for (const key of KEYS) {
    const value = query?.[key];
    if (value !== undefined) {
      search.set(key, String(value));
    }
  }
  const text = String(search);
  return text && `?${text}`;
}
