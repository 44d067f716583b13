/** Draws the field that a schema asks for. */
import { useState, type ChangeEvent } from "react";

import { Icon } from "../ui/icon.js";
import { useFormContext, type FieldProps, type Widget } from "./form.js";
import { Frame, GroupFrame } from "./frame.js";
import { keyOf, type Path } from "./path.js";
import { branches, helpOf, labelOf, resolve, sortOf, type Schema, type Sort } from "./schema.js";

/** A property of an object, as the page or else its schema wants it. */
export function Field({ path, schema, label, isRequired }: FieldProps) {
  const { document, widget } = useFormContext();
  const chosen = widget(path);
  if (chosen === "hidden") {
    return null;
  }
  const meant = resolve(document, schema);
  const Shown = chosen ?? FIELDS[sortOf(document, meant)];
  return <Shown path={path} schema={meant} label={label} isRequired={isRequired} />;
}

/** All properties of an object: what is needed first, then what a page draws itself, the rest behind a click. */
export function Properties({ path, schema }: { readonly path: Path; readonly schema: Schema }) {
  const form = useFormContext();
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).filter(([name, property]) => {
    const isFixed = sortOf(form.document, resolve(form.document, property)) === "fixed";
    return !isFixed && form.widget([...path, name]) !== "hidden";
  });
  const isFirst = ([name]: [string, Schema]) => required.has(name) || form.widget([...path, name]) !== undefined;
  const first = fields.filter(isFirst);
  const rest = fields.filter((field) => !isFirst(field));
  const drawn = ([name, property]: [string, Schema]) => (
    <Field key={name} path={[...path, name]} schema={property} label={labelOf(name)} isRequired={required.has(name)} />
  );
  if (first.length === 0) {
    return rest.map(drawn);
  }
  const isRestWrong = rest.some(([name]) => isWrong(form.faults.keys(), [...path, name]));
  return (
    <>
      {first.map(drawn)}
      {rest.length > 0 && (
        <details className="more" open={isRestWrong || undefined}>
          <summary>
            <Icon name="chevron" size={12} />
            More options
          </summary>
          <div className="more-fields">{rest.map(drawn)}</div>
        </details>
      )}
    </>
  );
}

function isWrong(keys: Iterable<string>, path: Path): boolean {
  const place = keyOf(path);
  return [...keys].some((key) => key === place || key.startsWith(`${place}.`));
}

/** What somebody typed, or nothing. */
function typed(event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>): string | undefined {
  return event.target.value === "" ? undefined : event.target.value;
}

function Text(props: FieldProps) {
  const { at, set } = useFormContext();
  const { path, schema } = props;
  return (
    <Frame {...props}>
      {(wiring) => (
        <input
          {...wiring}
          className="input"
          value={String(at(path) ?? "")}
          placeholder={schema.default === undefined ? undefined : String(schema.default)}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => set(path, typed(event))}
        />
      )}
    </Frame>
  );
}

function LongText(props: FieldProps) {
  const { at, set } = useFormContext();
  return (
    <Frame {...props}>
      {(wiring) => (
        <textarea
          {...wiring}
          className="input mono"
          rows={4}
          value={String(at(props.path) ?? "")}
          spellCheck={false}
          onChange={(event) => set(props.path, typed(event))}
        />
      )}
    </Frame>
  );
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** A number when it is one, and else what was typed: the check tells. */
function numberOf(text: string | undefined): number | string | undefined {
  return text !== undefined && NUMBER.test(text) ? Number(text) : text;
}

function Numeric(props: FieldProps) {
  const { at, set } = useFormContext();
  const { path, schema } = props;
  const isText = sortOf(useFormContext().document, schema) === "number-or-text";
  return (
    <Frame {...props}>
      {(wiring) => (
        <input
          {...wiring}
          className="input input-short"
          inputMode={isText ? "text" : "numeric"}
          value={String(at(path) ?? "")}
          placeholder={schema.default === undefined ? undefined : String(schema.default)}
          autoComplete="off"
          onChange={(event) => set(path, numberOf(typed(event)))}
        />
      )}
    </Frame>
  );
}

function Switch(props: FieldProps) {
  const { at, set } = useFormContext();
  const { path, schema } = props;
  return (
    <Frame {...props} isRequired>
      {(wiring) => (
        <input
          {...wiring}
          aria-required={undefined}
          type="checkbox"
          role="switch"
          className="switch"
          checked={(at(path) ?? schema.default) === true}
          onChange={(event) => set(path, event.target.checked)}
        />
      )}
    </Frame>
  );
}

function Choice(props: FieldProps) {
  const { at, set } = useFormContext();
  const { path, schema } = props;
  const byDefault = schema.default === undefined ? "Choose…" : `${String(schema.default)} (default)`;
  return (
    <Frame {...props}>
      {(wiring) => (
        <select {...wiring} className="input input-short" value={String(at(path) ?? "")} onChange={(event) => set(path, typed(event))}>
          <option value="">{byDefault}</option>
          {schema.enum?.map((value) => (
            <option key={String(value)} value={String(value)}>
              {String(value)}
            </option>
          ))}
        </select>
      )}
    </Frame>
  );
}

/** Texts, one a line. */
function Texts(props: FieldProps) {
  const { at, set } = useFormContext();
  const lines = (at(props.path) ?? []) as readonly string[];
  return (
    <Frame {...props} help={[helpOf(props.schema), "One per line."].filter(Boolean).join(" ")}>
      {(wiring) => (
        <textarea
          {...wiring}
          className="input mono"
          rows={Math.max(2, lines.length + 1)}
          value={lines.join("\n")}
          spellCheck={false}
          onChange={(event) => set(props.path, typed(event)?.split("\n"))}
        />
      )}
    </Frame>
  );
}

function List(props: FieldProps) {
  const { at, set, document } = useFormContext();
  const { path, schema, label } = props;
  const items = (at(path) ?? []) as readonly unknown[];
  const one = label.replace(/s$/, "").toLowerCase();
  const item = resolve(document, schema.items ?? {});
  const Shown = FIELDS[sortOf(document, item)];
  return (
    <GroupFrame {...props}>
      {items.map((_, index) => (
        <div key={index} className="item">
          <Shown path={[...path, index]} schema={{ ...item, description: "" }} label={`${label.replace(/s$/, "")} ${index + 1}`} isRequired />
          <button
            type="button"
            className="button button-quiet"
            onClick={() => set(path, items.length === 1 ? undefined : items.toSpliced(index, 1))}
          >
            <Icon name="trash" /> Remove {one} {index + 1}
          </button>
        </div>
      ))}
      <button type="button" className="button" onClick={() => set(path, [...items, {}])}>
        <Icon name="plus" /> Add {one}
      </button>
    </GroupFrame>
  );
}

/** An object that may be left out is not there until somebody asks for it. */
function ObjectField(props: FieldProps) {
  const { at, set } = useFormContext();
  const { path, schema, label, isRequired } = props;
  const isThere = isRequired || at(path) !== undefined;
  if (path.length === 1) {
    return <Properties path={path} schema={schema} />;
  }
  return (
    <GroupFrame {...props}>
      {isThere && <Properties path={path} schema={schema} />}
      {!isRequired && (
        <button type="button" className="button" onClick={() => set(path, isThere ? undefined : {})}>
          <Icon name={isThere ? "trash" : "plus"} /> {isThere ? "Remove" : "Add"} {label.toLowerCase()}
        </button>
      )}
    </GroupFrame>
  );
}

/** One of several properties, chosen by name, beside those that are always there. */
function OneOf(props: FieldProps) {
  const { at, set, document } = useFormContext();
  const { path, schema, label } = props;
  const value = (at(path) ?? {}) as { readonly [name: string]: unknown };
  const names = branches(schema);
  const chosen = names.find((name) => value[name] !== undefined);
  const others = Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name));
  const inner = chosen === undefined ? undefined : resolve(document, schema.properties?.[chosen] ?? {});
  const choose = (name: string) => {
    const kept = Object.fromEntries(Object.entries(value).filter(([key]) => !names.includes(key)));
    set(path, { ...kept, [name]: {} });
  };
  return (
    <GroupFrame {...props}>
      {others.map(([name, property]) => (
        <Field key={name} path={[...path, name]} schema={property} label={labelOf(name)} isRequired={schema.required?.includes(name) ?? false} />
      ))}
      <div className="choices" role="radiogroup" aria-label={`Type of ${label.toLowerCase()}`}>
        {names.map((name) => (
          <label key={name} className="choice">
            <input type="radio" name={keyOf(path)} checked={name === chosen} onChange={() => choose(name)} />
            {labelOf(name)}
          </label>
        ))}
      </div>
      {chosen !== undefined && inner && <Properties path={[...path, chosen]} schema={inner} />}
    </GroupFrame>
  );
}

/** Names with texts. */
function MapField(props: FieldProps) {
  const { at, set } = useFormContext();
  const { path, label } = props;
  // Names that are the same, or empty, for as long as somebody types: an object could not hold them.
  const [rows, setRows] = useState<readonly (readonly [string, string])[]>(() =>
    Object.entries((at(path) ?? {}) as { [name: string]: unknown }).map(([name, value]) => [name, String(value)] as const),
  );
  const change = (next: typeof rows) => {
    setRows(next);
    const named = next.filter(([name]) => name !== "");
    set(path, named.length === 0 ? undefined : Object.fromEntries(named));
  };
  return (
    <GroupFrame {...props}>
      {rows.map(([name, value], index) => (
        <div key={index} className="pair">
          <input
            className="input"
            aria-label={`${label}: name ${index + 1}`}
            placeholder="name"
            value={name}
            onChange={(event) => change(rows.with(index, [event.target.value, value]))}
          />
          <input
            className="input"
            aria-label={`${label}: value ${index + 1}`}
            placeholder="value"
            value={value}
            onChange={(event) => change(rows.with(index, [name, event.target.value]))}
          />
          <button
            type="button"
            className="button button-quiet button-square"
            aria-label={`Remove ${name || `row ${index + 1}`}`}
            onClick={() => change(rows.toSpliced(index, 1))}
          >
            <Icon name="cross" />
          </button>
        </div>
      ))}
      <button type="button" className="button" onClick={() => setRows([...rows, ["", ""]])}>
        <Icon name="plus" /> Add
      </button>
    </GroupFrame>
  );
}

function JsonText(props: FieldProps) {
  const { at, set } = useFormContext();
  const [text, setText] = useState(() => {
    const value = at(props.path);
    return value === undefined ? "" : JSON.stringify(value, null, 2);
  });
  return (
    <Frame {...props} help={[helpOf(props.schema), "A JSON value. Text that is not JSON is stored as a string."].filter(Boolean).join(" ")}>
      {(wiring) => (
        <textarea
          {...wiring}
          className="input mono"
          rows={3}
          value={text}
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            set(props.path, parsed(event.target.value));
          }}
        />
      )}
    </Frame>
  );
}

function parsed(text: string): unknown {
  try {
    return text.trim() === "" ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}

const FIELDS: { readonly [S in Sort]: Widget } = {
  fixed: () => null,
  choice: Choice,
  "number-or-text": Numeric,
  number: Numeric,
  switch: Switch,
  text: Text,
  "long-text": LongText,
  texts: Texts,
  list: List,
  "one-of": OneOf,
  object: ObjectField,
  map: MapField,
  json: JsonText,
};
