/** A form made of a schema: its fields, what is wrong in one list, and the button that sends it. */
import { useEffect, useRef, type ReactNode } from "react";

import { explain } from "../service/problems.js";
import { Notice } from "../ui/notice.js";
import { Properties } from "./field.js";
import { FormContext, type Form } from "./form.js";
import { keyOf } from "./path.js";
import { labelOf } from "./schema.js";

interface Props {
  readonly form: Form;
  readonly submit: string;
  /** In place of the plain message for failures that are no field's fault. */
  readonly failure?: ((error: unknown) => ReactNode) | undefined;
  readonly aside?: ReactNode;
  /** Fields that the page draws after all others. */
  readonly last?: ReactNode;
}

export function SchemaForm({ form, submit, failure, aside, last }: Props) {
  return (
    <FormContext value={form}>
      <form
        className="form"
        noValidate
        aria-busy={form.isBusy}
        onSubmit={(event) => {
          event.preventDefault();
          void form.submit();
        }}
      >
        <Outcome form={form} failure={failure} />
        <Properties path={[]} schema={form.document} />
        {last}
        <footer className="form-foot">
          <button type="submit" className="button button-main" disabled={form.isBusy}>
            {form.isBusy && <span className="ring" aria-hidden="true" />}
            {submit}
          </button>
          {aside}
        </footer>
      </form>
    </FormContext>
  );
}

/** Why the last attempt failed, in one place: with the focus on it, and a way to each field. */
function Outcome({ form, failure }: Pick<Props, "form" | "failure">) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (form.attempts > 0) {
      box.current?.focus();
      box.current?.scrollIntoView({ block: "nearest" });
    }
  }, [form.attempts]);
  if (form.faults.size === 0 && form.failure === undefined) {
    return null;
  }
  return (
    <div ref={box} className="outcome" tabIndex={-1}>
      {form.faults.size > 0 && <Faults form={form} />}
      {form.failure !== undefined &&
        (failure?.(form.failure) ?? (
          <Notice tone="bad" title="Not saved">
            {explain(form.failure)}
          </Notice>
        ))}
    </div>
  );
}

function Faults({ form: { faults } }: { readonly form: Form }) {
  return (
    <div className="summary" role="alert">
      <strong>{faults.size === 1 ? "1 field is not valid" : `${faults.size} fields are not valid`}</strong>
      <ul>
        {[...faults].map(([key, texts]) => (
          <li key={key}>
            <a href={`#${fieldOf(key)}`} onClick={(event) => goTo(event, key)}>
              {nameOf(key)}
            </a>
            : {texts.join(" ")}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The field at a place, or the nearest one around it. */
function fieldOf(key: string): string {
  const steps = keyOf(key).split(".");
  while (steps.length > 0 && !document.getElementById(`field-${steps.join(".")}`)) {
    steps.pop();
  }
  return `field-${steps.join(".")}`;
}

function goTo(event: React.MouseEvent, key: string): void {
  event.preventDefault();
  const field = document.getElementById(fieldOf(key));
  field?.closest("details")?.setAttribute("open", "");
  field?.scrollIntoView({ block: "center" });
  field?.focus({ preventScroll: true });
}

/** What a field is called on the page; of one that is not there, its place in words: `Params 1 › Value`. */
function nameOf(key: string): string {
  const field = document.getElementById(`field-${key}`) as Partial<HTMLInputElement> | null;
  const label = field?.labels?.[0]?.firstChild?.textContent;
  if (label) {
    return label;
  }
  const words: string[] = [];
  for (const step of key.split(".").filter((step, index) => index > 0 || (step !== "spec" && step !== "metadata"))) {
    const last = words.at(-1);
    if (/^\d+$/.test(step) && last !== undefined) {
      words[words.length - 1] = `${last} ${Number(step) + 1}`;
    } else {
      words.push(labelOf(step));
    }
  }
  return words.join(" › ") || "The whole form";
}
