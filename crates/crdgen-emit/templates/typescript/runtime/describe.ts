/** A column of a table of objects, as `kubectl get` shows it. */
export interface Column<T> {
  /** The heading. */
  readonly header: string;
  /** Type of the value. A `date` is shown as an age. */
  readonly type: "integer" | "number" | "string" | "boolean" | "date" | (string & {});
  /** Format of the value, for example `byte`, `password` or `date-time`. */
  readonly format?: string;
  /** Description from the CRD. */
  readonly description?: string;
  /** Priority: a column with 0 is always shown, other columns only in wide tables. */
  readonly priority: number;
  /** Returns the value for an object, or undefined if the object has none. */
  readonly value: (object: T) => unknown;
}

/** Label of a field in a form or a table. */
export interface Label {
  /** Name of the field in words. */
  readonly label: string;
  /** Description of the field in the CRD, up to the first empty line. */
  readonly help?: string;
}

/** A JSON Schema (2020-12). */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * A type whose enums allow only the values that the CRD lists. `Closed<types.WidgetInput>` finds values that a server
 * refuses. Without `Closed`, enums also allow other strings, because a server may have a newer CRD.
 */
export type Closed<T> = unknown extends T
  ? T
  : Listed<Extract<T, string>, string> | Listed<Extract<T, number>, number> | Below<Exclude<T, string | number>>;

/** A list or an object whose items or fields are closed. */
type Below<T> = T extends readonly (infer Item)[]
  ? Closed<Item>[]
  : T extends object
    ? { [Key in keyof T]: Closed<T[Key]> }
    : T;

/** The literals of a union, or the whole union if it has no literals. */
type Listed<T, Base> = [Literals<T, Base>] extends [never] ? T : Literals<T, Base>;
type Literals<T, Base> = T extends unknown ? (Base extends T ? never : T) : never;

/** Returns whether a value is one of an object's own values. */
export function hasValue<T>(values: { readonly [key: string]: T }, value: unknown): value is T {
  return Object.values<unknown>(values).includes(value);
}

/** Returns the value at a path in a value without a type, or undefined if there is none. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let found = value;
  for (const step of path) {
    if (Array.isArray(found) && typeof step === "number") {
      found = found.at(step);
    } else if (typeof found === "object" && found !== null && Object.hasOwn(found, step)) {
      found = (found as { [key: string]: unknown })[step];
    } else {
      return undefined;
    }
  }
  return found;
}
