/**
 * What can be said of a value without asking the service: what is missing, and what does not fit. The service has the last
 * word, so that whatever this does not know costs a request and nothing else.
 */
import { keyOf, type Path } from "./path.js";
import { branches, resolve, sortOf, type Schema, type SchemaDocument } from "./schema.js";

/** What is wrong, by place. */
export type Faults = ReadonlyMap<string, readonly string[]>;

/** Checks a value; places that `isSkipped` names are somebody else's. */
export function check(document: SchemaDocument, value: unknown, isSkipped: (path: Path) => boolean): Faults {
  const faults = new Map<string, string[]>();
  const walk = (schema: Schema, inner: unknown, path: Path): void => {
    if (isSkipped(path)) {
      return;
    }
    const meant = resolve(document, schema);
    const texts = faultsOf(document, meant, inner);
    if (texts.length > 0) {
      faults.set(keyOf(path), texts);
    }
    if (Array.isArray(inner)) {
      inner.forEach((item, index) => walk(meant.items ?? {}, item, [...path, index]));
    } else if (typeof inner === "object" && inner !== null) {
      for (const [name, property] of Object.entries(meant.properties ?? {})) {
        const present = (inner as { [name: string]: unknown })[name];
        if (present !== undefined) {
          walk(property, present, [...path, name]);
        } else if (meant.required?.includes(name) && property.const === undefined && !isSkipped([...path, name])) {
          faults.set(keyOf([...path, name]), ["This field is required."]);
        }
      }
    }
  };
  walk(document, value, []);
  return faults;
}

function faultsOf(document: SchemaDocument, schema: Schema, value: unknown): string[] {
  switch (sortOf(document, schema)) {
    case "text":
    case "long-text":
      return textFaults(schema, String(value ?? ""));
    case "number":
      return numberFaults(schema, value);
    case "one-of":
      return oneOfFaults(schema, value);
    default:
      return Array.isArray(value) ? listFaults(schema, value) : [];
  }
}

function textFaults(schema: Schema, text: string): string[] {
  const { minLength = 0, maxLength = Infinity, pattern } = schema;
  const length = [...text].length;
  if (length < minLength) {
    return [length === 0 ? "This field is required." : `At least ${minLength} characters.`];
  }
  if (length > maxLength) {
    return [`At most ${maxLength} characters; the text has ${length}.`];
  }
  return pattern !== undefined && !matches(pattern, text) ? [`The text must match ${pattern}`] : [];
}

/** A pattern that only the server's language knows is left to the server. */
function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true;
  }
}

function numberFaults({ minimum = -Infinity, maximum = Infinity }: Schema, value: unknown): string[] {
  if (typeof value !== "number") {
    return ["Enter a number."];
  }
  if (value < minimum) {
    return [`At least ${minimum}.`];
  }
  return value > maximum ? [`At most ${maximum}.`] : [];
}

function listFaults({ minItems = 0, maxItems = Infinity }: Schema, list: readonly unknown[]): string[] {
  if (list.length < minItems) {
    return [`At least ${minItems} ${minItems === 1 ? "entry" : "entries"}.`];
  }
  return list.length > maxItems ? [`At most ${maxItems} entries; there are ${list.length}.`] : [];
}

function oneOfFaults(schema: Schema, value: unknown): string[] {
  const present = branches(schema).filter((name) => (value as { [name: string]: unknown } | undefined)?.[name] !== undefined);
  return present.length === 1 ? [] : ["Choose one."];
}
