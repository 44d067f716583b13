import type { Api, CallOptions, ListQuery } from "./call.js";
import { ProblemError, isProblem } from "./problem.js";

/** One page of a list. */
export interface Page<Item> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items: Item[];
}

/** A list function, such as `listX`. */
export type List<Query extends ListQuery, Item> = (
  api: Api,
  query: Query,
  options?: CallOptions,
) => Promise<Page<Item>>;

/** Maximum number of times in a row that a list is started again without a new object. */
const RESTARTS = 5;

/**
 * Yields every object of a list. Reads the next page when all objects of a page were yielded.
 *
 * `for await (const object of each(listX, api, { namespace: "default", limit: 100 })) ...`
 *
 * All pages show the objects at the time of the first page. A server keeps this state for some minutes and then answers 410.
 * Then the list starts again with the current state. Objects that were yielded before are not yielded again, even if they
 * changed. Use `all` for objects of one moment. (The objects of a view without `metadata.uid` cannot be recognised: all of
 * them are yielded again.)
 */
export async function* each<Query extends ListQuery, Item extends object>(
  list: List<Query, Item>,
  api: Api,
  query: Query,
  options?: CallOptions,
): AsyncGenerator<Item, void, undefined> {
  const told = new Set<string>();
  let restarts = 0;
  for await (const page of pages(list, api, query, options)) {
    if (page instanceof ProblemError) {
      if ((restarts += 1) > RESTARTS) {
        throw page;
      }
      continue;
    }
    for (const item of page.items) {
      const { metadata } = item as { metadata?: { uid?: string } };
      const uid = metadata?.uid;
      if (uid === undefined || !told.has(uid)) {
        restarts = 0;
        yield item;
      }
      if (uid !== undefined) {
        told.add(uid);
      }
    }
  }
}

/**
 * Returns all objects of a list as they were at one moment, and the version after which a watch can start. If the server
 * no longer has that state before the last page is read, the list is read again.
 */
export async function all<Query extends ListQuery, Item>(
  list: List<Query, Item>,
  api: Api,
  query: Query,
  options?: CallOptions,
): Promise<{ items: Item[]; resourceVersion: string | undefined }> {
  let restarts = 0;
  let items: Item[] = [];
  let resourceVersion: string | undefined;
  for await (const page of pages(list, api, query, options)) {
    if (page instanceof ProblemError) {
      if ((restarts += 1) > RESTARTS) {
        throw page;
      }
      items = [];
      continue;
    }
    for (const item of page.items) {
      items.push(item);
    }
    resourceVersion = page.metadata.resourceVersion;
  }
  return { items, resourceVersion };
}

/** Yields each page. Yields the problem if the list starts again. */
async function* pages<Query extends ListQuery, Item>(
  list: List<Query, Item>,
  api: Api,
  query: Query,
  options: CallOptions | undefined,
): AsyncGenerator<Page<Item> | ProblemError, void, undefined> {
  let next = query.continue;
  do {
    let page: Page<Item>;
    try {
      page = await list(api, { ...query, continue: next }, options);
    } catch (error) {
      // If the page that the caller asked for has expired, the first page is no substitute.
      if (next === undefined || query.continue !== undefined || !isProblem(error, "Gone", "Expired")) {
        throw error;
      }
      yield error;
      page = await list(api, query, options);
    }
    yield page;
    next = page.metadata.continue;
  } while (next);
}
