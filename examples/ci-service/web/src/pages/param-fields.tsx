/** A field for each parameter that the pipeline declares, of the type that it declares. */
import { useContext } from "react";

import type { PipelineParam, PipelineRunParam } from "../api/types.js";
import { useFormContext, type FieldProps } from "../form/form.js";
import { Frame, GroupFrame, type Wiring } from "../form/frame.js";
import type { Path } from "../form/path.js";
import { PipelineContext } from "./pipeline-field.js";

export function Params(props: FieldProps) {
  const { pipeline } = useContext(PipelineContext);
  const declared = pipeline?.spec.params ?? [];
  if (declared.length === 0) {
    return null;
  }
  return (
    <GroupFrame {...props} label="Parameters" isRequired schema={{}}>
      {declared.map((param) => (
        <Param key={param.name} declared={param} list={props.path} />
      ))}
    </GroupFrame>
  );
}

function Param({ declared, list }: { readonly declared: PipelineParam; readonly list: Path }) {
  const { at, set } = useFormContext();
  const given = (at(list) ?? []) as readonly PipelineRunParam[];
  const index = given.findIndex(({ name }) => name === declared.name);
  const value = given[index]?.value;
  const change = (next: unknown) => {
    const others = given.filter(({ name }) => name !== declared.name);
    const all = next === undefined ? others : [...others, { name: declared.name, value: next }];
    set(list, all.length > 0 ? all : undefined);
  };
  // As the service names it: by its position among those that are given.
  const path = index < 0 ? [...list, declared.name] : [...list, index, "value"];
  const schema = declared.description === undefined ? {} : { description: declared.description };
  return (
    <Frame path={path} schema={schema} label={declared.name} isRequired={declared.default === undefined}>
      {(wiring) => <Input declared={declared} value={value} wiring={wiring} onChange={change} />}
    </Frame>
  );
}

interface InputProps {
  readonly declared: PipelineParam;
  readonly value: unknown;
  readonly wiring: Wiring;
  readonly onChange: (value: unknown) => void;
}

function Input({ declared, value, wiring, onChange }: InputProps) {
  const { type, choices, default: byDefault } = declared;
  const hint = byDefault === undefined ? undefined : typeof byDefault === "string" ? byDefault : JSON.stringify(byDefault);
  if (choices !== undefined || type === "boolean") {
    const options = choices ?? ["true", "false"];
    const read = (text: string) => (type === "boolean" ? text === "true" : text);
    return (
      <select {...wiring} className="input" value={value === undefined ? "" : String(value)} onChange={(event) => onChange(event.target.value === "" ? undefined : read(event.target.value))}>
        <option value="">{hint === undefined ? "Choose…" : `${hint} (default)`}</option>
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </select>
    );
  }
  if (type === "array") {
    const lines = Array.isArray(value) ? value.map(String) : [];
    return (
      <textarea {...wiring} className="input mono" rows={3} placeholder={hint ?? "one per line"} value={lines.join("\n")} onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value.split("\n"))} />
    );
  }
  const read = (text: string) => (type === "number" && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text);
  return (
    <input
      {...wiring}
      className="input"
      inputMode={type === "number" ? "decimal" : "text"}
      placeholder={hint}
      value={value === undefined ? "" : String(value)}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange(event.target.value === "" ? undefined : read(event.target.value))}
    />
  );
}
