/**
 * A JSON merge patch (RFC 7396): what is absent stays, null removes, a list is replaced whole. Only what is optional can be
 * removed.
 */
export type MergePatch<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: MergePatch<T[K]> | ({} extends Pick<T, K> ? null : never) }
    : T;

/** A JSON patch (RFC 6902): steps that are taken in order, all or none. */
export type JsonPatch = readonly JsonPatchStep[];

/** A step. Paths are JSON pointers, as `pointer` writes them: `/spec/tags/-`. */
export type JsonPatchStep =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move" | "copy"; readonly from: string; readonly path: string };

/** A JSON pointer (RFC 6901) from the names of fields and the numbers of items. */
export function pointer(...steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}

/** The media type of a patch: no merge patch of an object is a list. */
export function patchType(patch: object): string {
  return Array.isArray(patch) ? "application/json-patch+json" : "application/merge-patch+json";
}

/**
 * The patch that makes one object of another: what differs, and null where something went away. Both are JSON. An object
 * cannot be given the value null, which a merge patch takes for its removal.
 */
export function mergePatch<T extends object>(before: T, after: T): MergePatch<T> {
  const [old, wanted] = [before, after] as [Record<string, unknown>, Record<string, unknown>];
  const patch: [string, unknown][] = [];
  for (const key of new Set([...Object.keys(old), ...Object.keys(wanted)])) {
    const [was, is] = [Object.hasOwn(old, key) ? old[key] : undefined, Object.hasOwn(wanted, key) ? wanted[key] : undefined];
    if (isObject(was) && isObject(is)) {
      const inner = mergePatch(was, is);
      if (Object.keys(inner).length > 0) {
        patch.push([key, inner]);
      }
    } else if (JSON.stringify(was) !== JSON.stringify(is)) {
      patch.push([key, is ?? null]);
    }
  }
  return Object.fromEntries(patch) as MergePatch<T>;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
