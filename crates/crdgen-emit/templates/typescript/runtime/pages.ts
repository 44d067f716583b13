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

/** How often in a row a list is begun again without getting any further. */
const RESTARTS = 5;

/**
 * Every object of a list; the next page is asked for when the one before is used up.
 *
 * `for await (const object of each(listX, api, { namespace: "default", limit: 100 })) ...`
 *
 * All pages show the moment of the first, and a server forgets it after some minutes (410). Then the list is begun again, at
 * the present moment. What was yielded is not yielded again, even if it changed or is gone by now; what is new is. Who needs
 * one moment for all takes `all`. (Of a view without `metadata.uid` nothing can be recognised: all its objects come again.)
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
 * All objects of a list as they were at one moment, and its version: where a watch goes on. When the server forgets the
 * moment before the last page is read, the list is read anew.
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

/** Page after page; the problem where the list begins again. */
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
      // Where the caller's own page is gone, the first one is not what was asked for.
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
