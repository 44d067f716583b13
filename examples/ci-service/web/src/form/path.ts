/** Places in an object: `spec.params[0].value` as Kubernetes writes it, a list of steps as programs go it. */

export type Path = readonly (string | number)[];

/**
 * The places of a type that have a name, for example `"spec.source.branch"`, those in lists without their position. What a
 * CRD renames is not one any more, and does not compile.
 */
export type FieldPath<T> = T extends readonly (infer Item)[]
  ? FieldPath<Item>
  : T extends object
    ? { [K in NameOf<T>]: K | `${K}.${FieldPath<NonNullable<T[K]>>}` }[NameOf<T>]
    : never;

type NameOf<T> = { [K in keyof T]: string extends K ? never : K }[keyof T] & string;

/** One text for a place, however it is written: `spec.params.0.value`. */
export function keyOf(path: Path | string): string {
  const text = typeof path === "string" ? path : path.join(".");
  return text.replace(/\[([^\]]*)\]/g, ".$1").replace(/^\./, "");
}

/** The place without positions in lists: `spec.params.value`. */
export function patternOf(path: Path): string {
  return path.filter((step) => typeof step === "string").join(".");
}

export function idOf(path: Path): string {
  return `field-${keyOf(path)}`;
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => (inner as { [key: string | number]: unknown } | undefined)?.[step], value);
}

/** The value with another one at a place; `undefined` leaves the property out. */
export function withValue(value: unknown, path: Path, next: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) {
    return next;
  }
  if (typeof step === "number") {
    const list = Array.isArray(value) ? [...(value as unknown[])] : [];
    list[step] = withValue(list[step], rest, next);
    return list;
  }
  const { [step]: inner, ...others } = (value ?? {}) as { [name: string]: unknown };
  const changed = withValue(inner, rest, next);
  return changed === undefined ? others : { ...(value as object | undefined), [step]: changed };
}
