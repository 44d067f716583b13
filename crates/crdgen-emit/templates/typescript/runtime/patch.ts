/**
 * A JSON merge patch (RFC 7396): absent fields keep their values, null removes a field, and a list is replaced as a whole.
 * The type allows null only for optional fields.
 */
export type MergePatch<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: MergePatch<T[K]> | ({} extends Pick<T, K> ? null : never) }
    : T;

/** A JSON patch (RFC 6902): steps that are applied in order, all or none. */
export type JsonPatch = readonly JsonPatchStep[];

/** A step of a JSON patch. Paths are JSON pointers such as `/spec/tags/-`; `pointer` makes them. */
export type JsonPatchStep =
  | { readonly op: "add" | "replace" | "test"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move" | "copy"; readonly from: string; readonly path: string };

/** Returns the JSON pointer (RFC 6901) for names of fields and numbers of items. */
export function pointer(...steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}

/** Returns the media type of a patch. A list is a JSON patch, anything else a merge patch. */
export function patchType(patch: object): string {
  return Array.isArray(patch) ? "application/json-patch+json" : "application/merge-patch+json";
}

/**
 * Returns the merge patch that turns `before` into `after`, both of which are JSON. Fields that are missing in `after` are
 * null in the patch. A merge patch cannot set a field to null.
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
