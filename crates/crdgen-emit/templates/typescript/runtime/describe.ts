/** A column of a table of objects, as `kubectl get` shows it. */
export interface Column<T> {
  /** The heading. */
  readonly header: string;
  /** How the value is shown: `date` as an age. */
  readonly type: "integer" | "number" | "string" | "boolean" | "date" | (string & {});
  /** More on how: `byte`, `password`, `date-time`, ... */
  readonly format?: string;
  /** What it shows. */
  readonly description?: string;
  /** 0 is always shown; the higher, the wider a table must be. */
  readonly priority: number;
  /** The value of an object; undefined where it has none. */
  readonly value: (object: T) => unknown;
}

/** What people are told about a field. */
export interface Label {
  /** Its name in words. */
  readonly label: string;
  /** What the schema says of it, up to the first empty line. */
  readonly help?: string;
}

/** A JSON Schema (2020-12). */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * A type whose enums have the values that the CRD lists and no others: `Closed<types.WidgetInput>` shows a value that a
 * server refuses. All other types are open, as what is read may be newer than the CRD and may be written again.
 */
export type Closed<T> = unknown extends T
  ? T
  : Listed<Extract<T, string>, string> | Listed<Extract<T, number>, number> | Below<Exclude<T, string | number>>;

/** What a list or an object holds, closed. */
type Below<T> = T extends readonly (infer Item)[]
  ? Closed<Item>[]
  : T extends object
    ? { [Key in keyof T]: Closed<T[Key]> }
    : T;

/** The literals of a union; all of it when there are none. */
type Listed<T, Base> = [Literals<T, Base>] extends [never] ? T : Literals<T, Base>;
type Literals<T, Base> = T extends unknown ? (Base extends T ? never : T) : never;

/** Whether a value is one of those that an object has under its own keys. */
export function hasValue<T>(values: { readonly [key: string]: T }, value: unknown): value is T {
  return Object.values<unknown>(values).includes(value);
}

/** What stands at a path in a value that has no type. */
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
