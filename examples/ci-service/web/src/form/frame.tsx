/** What is around every input: its label, what it is for, and what is wrong with it. */
import type { ReactNode } from "react";

import { CodeText } from "../ui/code-text.js";
import { useFormContext, type FieldProps } from "./form.js";
import { idOf, keyOf } from "./path.js";
import { helpOf } from "./schema.js";

/** What an input must carry to belong to its label and texts. */
export interface Wiring {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": true | undefined;
  readonly "aria-required": true | undefined;
}

interface Props extends FieldProps {
  readonly help?: string | undefined;
  readonly children: (wiring: Wiring) => ReactNode;
}

export function Frame({ path, schema, label, isRequired, help = helpOf(schema), children }: Props) {
  const { faults } = useFormContext();
  const wrong = faults.get(keyOf(path));
  const id = idOf(path);
  const described = [help && `${id}-help`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  return (
    <div className={wrong ? "field field-wrong" : "field"}>
      <label htmlFor={id}>
        {label}
        {!isRequired && <span className="optional">optional</span>}
      </label>
      {children({
        id,
        "aria-describedby": described || undefined,
        "aria-invalid": wrong ? true : undefined,
        "aria-required": isRequired || undefined,
      })}
      {wrong && (
        <p className="wrong" id={`${id}-wrong`}>
          {wrong.join(" ")}
        </p>
      )}
      {help && (
        <p className="help" id={`${id}-help`}>
          <CodeText text={help} />
        </p>
      )}
    </div>
  );
}

/** As `Frame`, for what consists of several fields. */
export function GroupFrame({ path, schema, label, isRequired, children }: FieldProps & { readonly children: ReactNode }) {
  const { faults } = useFormContext();
  const wrong = faults.get(keyOf(path));
  const help = helpOf(schema);
  const id = idOf(path);
  return (
    <fieldset className={wrong ? "group field-wrong" : "group"} id={id} tabIndex={-1} aria-describedby={wrong && `${id}-wrong`}>
      <legend>
        {label}
        {!isRequired && <span className="optional">optional</span>}
      </legend>
      {help && (
        <p className="help">
          <CodeText text={help} />
        </p>
      )}
      {wrong && (
        <p className="wrong" id={`${id}-wrong`}>
          {wrong.join(" ")}
        </p>
      )}
      {children}
    </fieldset>
  );
}
