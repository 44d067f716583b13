/** The state of a form: a value that follows a schema, and what is wrong with it. */
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ComponentType } from "react";

import { causesOf, causeText } from "../service/problems.js";
import { check, type Faults } from "./check.js";
import { keyOf, patternOf, valueAt, withValue, type FieldPath, type Path } from "./path.js";
import type { Schema, SchemaDocument } from "./schema.js";

export interface FieldProps {
  readonly path: Path;
  readonly schema: Schema;
  readonly label: string;
  readonly isRequired: boolean;
}

export type Widget = ComponentType<FieldProps>;

/** What is drawn otherwise than the schema says, by place: by a component of the page's, or not at all. */
export type Widgets<T> = { readonly [P in FieldPath<T>]?: Widget | "hidden" };

/** A value that somebody is still writing. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? Draft<Item>[]
  : T extends object
    ? { [K in keyof T]?: Draft<T[K]> | undefined }
    : T;

export interface Form {
  readonly document: SchemaDocument;
  readonly value: unknown;
  readonly faults: Faults;
  /** Why the last attempt failed, when that is no field's fault. */
  readonly failure: unknown;
  readonly isBusy: boolean;
  /** How often somebody tried in vain. */
  readonly attempts: number;
  widget(path: Path): Widget | "hidden" | undefined;
  at(path: Path): unknown;
  set(path: Path, next: unknown): void;
  submit(): Promise<void>;
}

interface Options<T> {
  readonly document: SchemaDocument;
  readonly initial: Draft<T>;
  readonly widgets: Widgets<T>;
  /** Sends the value; what it throws is shown. */
  readonly send: (value: T) => Promise<void>;
}

const NONE: Faults = new Map();

export function useForm<T>({ document, initial, widgets, send }: Options<T>): Form {
  const [value, setValue] = useState<unknown>(initial);
  const [faults, setFaults] = useState<Faults>(NONE);
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const busy = useRef(false);

  const widget = useCallback(
    (path: Path) => {
      // An item of a list is not the list.
      const isItem = typeof path.at(-1) === "number";
      return isItem ? undefined : (widgets as { readonly [pattern: string]: Widget | "hidden" | undefined })[patternOf(path)];
    },
    [widgets],
  );
  const set = useCallback((path: Path, next: unknown) => {
    setValue((now: unknown) => withValue(now, path, next));
    // What was wrong here is not known to be wrong any more.
    setFaults((now) => new Map([...now].filter(([key]) => !isWithin(key, keyOf(path)))));
  }, []);
  const submit = useCallback(async () => {
    if (busy.current) {
      return;
    }
    setFailure(undefined);
    const found = check(document, value, (path) => widget(path) !== undefined);
    setFaults(found);
    if (found.size > 0) {
      setAttempts((count) => count + 1);
      return;
    }
    busy.current = true;
    setBusy(true);
    try {
      await send({ ...fixedOf(document), ...(value as T) });
    } catch (error) {
      const told = faultsOf(error);
      setFaults(told);
      setFailure(told.size > 0 ? undefined : error);
      setAttempts((count) => count + 1);
    } finally {
      busy.current = false;
      setBusy(false);
    }
  }, [document, value, widget, send]);

  return useMemo(
    () => ({ document, value, faults, failure, isBusy, attempts, widget, at: (path) => valueAt(value, path), set, submit }),
    [document, value, faults, failure, isBusy, attempts, widget, set, submit],
  );
}

/** What every object of the kind says, and nobody is asked for: its `apiVersion` and `kind`. */
function fixedOf({ properties = {} }: SchemaDocument): object {
  const fixed = Object.entries(properties).filter(([, property]) => property.const !== undefined);
  return Object.fromEntries(fixed.map(([name, property]) => [name, property.const]));
}

function isWithin(key: string, place: string): boolean {
  return key === place || key.startsWith(`${place}.`);
}

/** The causes of a problem document, by the fields that they blame. */
function faultsOf(error: unknown): Faults {
  const faults = new Map<string, string[]>();
  for (const cause of causesOf(error)) {
    const key = keyOf(cause.field);
    faults.set(key, [...(faults.get(key) ?? []), causeText(cause)]);
  }
  return faults;
}

export const FormContext = createContext<Form | undefined>(undefined);

/** The form around a field. */
export function useFormContext(): Form {
  const form = useContext(FormContext);
  if (!form) {
    throw new Error("a field outside of a form");
  }
  return form;
}
