/** Names of new objects. */
import { useId } from "react";

import { watchProjectsForAllNamespaces } from "../api/index.js";
import { useFormContext, type FieldProps } from "../form/form.js";
import { Frame } from "../form/frame.js";
import { resolve, type Schema } from "../form/schema.js";
import { useLive } from "../service/live.js";
import { namespacesOf } from "./namespace.js";

/** The name of a run, which may be empty. Its namespace is that of its pipeline. */
export function RunName(props: FieldProps) {
  return <Name {...props} isRequired={false} help="If empty, the name is made from the pipeline's name." />;
}

/** A name. Another field chooses the namespace. */
export function RequiredName(props: FieldProps) {
  return <Name {...props} isRequired help="Lower-case letters, digits and dashes." />;
}

/** A name and a namespace, which is one of those that are in use or a new one. */
export function NameAndNamespace(props: FieldProps) {
  const known = namespacesOf(useLive(watchProjectsForAllNamespaces).items);
  const list = useId();
  return (
    <>
      <RequiredName {...props} />
      <Line {...props} path={[...props.path, "namespace"]} label="Namespace" isRequired help="Choose a namespace or enter another one. It cannot be changed later." list={list} />
      <datalist id={list}>
        {known.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

function Name(props: FieldProps & { readonly help: string }) {
  return <Line {...props} path={[...props.path, "name"]} label="Name" />;
}

interface LineProps extends FieldProps {
  readonly help: string;
  /** Id of the list of suggestions. */
  readonly list?: string;
}

function Line({ list, ...props }: LineProps) {
  const { at, set, document } = useFormContext();
  const { path, schema } = props;
  const own: Schema = resolve(document, schema).properties?.[String(path.at(-1))] ?? {};
  return (
    <Frame {...props} schema={own}>
      {(wiring) => (
        <input
          {...wiring}
          className="input"
          list={list}
          value={String(at(path) ?? "")}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onChange={(event) => set(path, event.target.value === "" ? undefined : event.target.value)}
        />
      )}
    </Frame>
  );
}
