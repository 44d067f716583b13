/** What differs between two states of an object. */

export interface Change {
  /** For example `spec.priority`. */
  readonly place: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Every place below `place` whose value is another one; lists are compared as a whole. */
export function changes(before: unknown, after: unknown, place: string): readonly Change[] {
  if (isObject(before) && isObject(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => changes(before[name], after[name], `${place}.${name}`));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ place, before, after }];
}

/** A value in a few words. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return value === undefined ? "not set" : text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
