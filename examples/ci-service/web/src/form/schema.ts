/** JSON Schemas as crdgen writes them, and what sort of field each part of one asks for. */

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly oneOf?: readonly Schema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly "x-kubernetes-int-or-string"?: boolean;
}

/** A whole document: what `$ref`s of it mean. */
export interface SchemaDocument extends Schema {
  readonly $defs?: { readonly [name: string]: Schema };
}

const DEFINITION = "#/$defs/";

/** The schema that a reference means; what stands beside the reference comes first. */
export function resolve(document: SchemaDocument, schema: Schema): Schema {
  if (!schema.$ref?.startsWith(DEFINITION)) {
    return schema;
  }
  const { $ref, ...beside } = schema;
  const meant = document.$defs?.[$ref.slice(DEFINITION.length)] ?? {};
  const description = [beside.description, meant.description].find((text) => text && !text.startsWith("Default:"));
  return { ...resolve(document, meant), ...beside, ...(description === undefined ? {} : { description }) };
}

export type Sort =
  | "fixed"
  | "choice"
  | "number-or-text"
  | "number"
  | "switch"
  | "text"
  | "long-text"
  | "texts"
  | "list"
  | "one-of"
  | "object"
  | "map"
  | "json";

/** More than this is not written in one line. */
const LONG = 4_000;

/** What sort of field a schema asks for. What nothing else fits is written as JSON. */
export function sortOf(document: SchemaDocument, schema: Schema): Sort {
  const types = typesOf(schema);
  if (schema.const !== undefined) {
    return "fixed";
  }
  if (schema.enum) {
    return "choice";
  }
  if (schema["x-kubernetes-int-or-string"]) {
    return "number-or-text";
  }
  switch (types[0]) {
    case "boolean":
      return "switch";
    case "integer":
    case "number":
      return "number";
    case "string":
      return (schema.maxLength ?? 0) > LONG ? "long-text" : "text";
    case "array":
      return sortOfList(document, schema);
    case "object":
      return sortOfObject(schema);
    default:
      return "json";
  }
}

function sortOfList(document: SchemaDocument, schema: Schema): Sort {
  const items = resolve(document, schema.items ?? {});
  switch (sortOf(document, items)) {
    case "text":
      return "texts";
    case "object":
    case "one-of":
      return "list";
    default:
      return "json";
  }
}

function sortOfObject(schema: Schema): Sort {
  if (schema.properties) {
    return branches(schema).length > 0 ? "one-of" : "object";
  }
  return typeof schema.additionalProperties === "object" && typesOf(schema.additionalProperties).includes("string")
    ? "map"
    : "json";
}

export function typesOf(schema: Schema): readonly string[] {
  const types = typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
  return types.filter((type) => type !== "null");
}

/** The properties of which exactly one must be there, for a schema that says that. */
export function branches(schema: Schema): readonly string[] {
  const names = (schema.oneOf ?? []).map((branch) => branch.required?.[0]);
  return names.every((name) => name !== undefined) ? (names as string[]) : [];
}

/** Names that need more than a capital letter. */
const LABELS: { readonly [name: string]: string } = { emptyDir: "Empty folder", cpu: "CPU", url: "URL", cron: "Cron schedule" };

/** `runnerSelector` as people read it: `Runner selector`. */
export function labelOf(name: string): string {
  const own = LABELS[name];
  if (own !== undefined) {
    return own;
  }
  const words = name.replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The first paragraph of a description, without what the form shows anyway. */
export function helpOf(schema: Schema): string | undefined {
  const paragraph = schema.description?.split("\n\n")[0]?.replaceAll("\n", " ");
  return paragraph?.startsWith("Default:") ? undefined : paragraph;
}
