// When a type of ours and one that openapi-typescript makes of the document are the same.

/**
 * A type without the back doors of its open enums: `"a" | "b" | (string & {})` is `"a" | "b"`. The document says what a
 * server may send today; what one may send tomorrow is said by our types alone.
 */
export type Closed<T> = unknown extends T
  ? T
  :
      | Listed<Extract<T, string>, string>
      | Listed<Extract<T, number>, number>
      | Below<Exclude<T, string | number>>;

/** What a list or an object holds, closed. Whether a field may be absent is part of its type, so that none is overlooked. */
type Below<T> = T extends readonly (infer Item)[]
  ? Closed<Item>[]
  : T extends object
    ? { [Key in keyof T]-?: [Closed<T[Key]>, {} extends Pick<T, Key> ? "optional" : "required"] }
    : T;

/** The literals of a union; all of it when there are none. */
type Listed<T, Base> = [Literals<T, Base>] extends [never] ? T : Literals<T, Base>;
type Literals<T, Base> = T extends unknown ? (Base extends T ? never : T) : never;

/** `true`, or which way does not hold. */
export type Same<Ours, Theirs> = [Closed<Ours>] extends [Closed<Theirs>]
  ? [Closed<Theirs>] extends [Closed<Ours>]
    ? true
    : "the document allows what our type does not"
  : "our type allows what the document does not";

// A test that could not fail would show nothing.
type Alike = [
  Same<"a" | "b" | (string & {}), "a" | "b">,
  Same<{ a?: ("x" | (string & {}))[] }, { a?: "x"[] }>,
  Same<{ a: 1 | (number & {}); b: number | string }, { a: 1; b: string | number }>,
  Same<{ [key: string]: unknown }, { [key: string]: unknown }>,
];
export const alike: Alike = [true, true, true, true];

type Different = [
  Same<"a" | (string & {}), "a" | "b">,
  Same<"a" | "b", "a">,
  Same<{ a?: string }, { a: string }>,
  Same<{ a: string }, { a?: string }>,
  Same<{ a: string | null }, { a: string }>,
  Same<{ a: string }, { a: string; b?: string }>,
  Same<{ a: string; b?: string }, { a: string }>,
  Same<{ a: { b: ("x" | (string & {}))[] } }, { a: { b: ("x" | "y")[] } }>,
  Same<string, "a">,
  Same<unknown, string>,
];
type Never<Results extends readonly unknown[]> = { [Index in keyof Results]: Results[Index] extends true ? never : 1 };
export const different: Never<Different> = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
