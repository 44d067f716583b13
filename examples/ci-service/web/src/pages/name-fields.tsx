/** Names of new objects. */
import { useFormContext, type FieldProps } from "../form/form.js";
import { Frame } from "../form/frame.js";
import { resolve, type Schema } from "../form/schema.js";

/** A run needs no name of its own; where it lives, its pipeline says. */
export function RunName(props: FieldProps) {
  return <Name {...props} isRequired={false} help="If empty, the name is made from the pipeline's name." />;
}

/** A name and a namespace. */
export function NameAndNamespace(props: FieldProps) {
  return (
    <>
      <Name {...props} isRequired help="Lower-case letters, digits and dashes." />
      <Line {...props} path={[...props.path, "namespace"]} label="Namespace" isRequired help="Namespace of the new object. It cannot be changed later." />
    </>
  );
}

function Name(props: FieldProps & { readonly help: string }) {
  return <Line {...props} path={[...props.path, "name"]} label="Name" />;
}

function Line(props: FieldProps & { readonly help: string }) {
  const { at, set, document } = useFormContext();
  const { path, schema } = props;
  const own: Schema = resolve(document, schema).properties?.[String(path.at(-1))] ?? {};
  return (
    <Frame {...props} schema={own}>
      {(wiring) => (
        <input
          {...wiring}
          className="input"
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
