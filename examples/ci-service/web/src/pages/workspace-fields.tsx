/** What stands behind each workspace that the pipeline declares: a choice of the schema's, once for each of them. */
import { useContext } from "react";

import type { PipelineRunWorkspace, PipelineWorkspace } from "../api/types.js";
import { Field } from "../form/field.js";
import { useFormContext, type FieldProps } from "../form/form.js";
import { resolve } from "../form/schema.js";
import { Icon } from "../ui/icon.js";
import { PipelineContext } from "./pipeline-field.js";

export function Workspaces({ path, schema }: FieldProps) {
  const { at, set, document } = useFormContext();
  const { pipeline } = useContext(PipelineContext);
  const declared = pipeline?.spec.workspaces ?? [];
  const given = (at(path) ?? []) as readonly PipelineRunWorkspace[];
  const item = resolve(document, schema.items ?? {});
  const add = ({ name }: PipelineWorkspace) => set(path, [...given, { name, emptyDir: {} }]);
  const remove = ({ name }: PipelineWorkspace) => {
    const others = given.filter((workspace) => workspace.name !== name);
    set(path, others.length > 0 ? others : undefined);
  };
  return declared.map((workspace) => {
    const index = given.findIndex(({ name }) => name === workspace.name);
    const label = `Workspace ${workspace.name}`;
    const about = { ...item, description: workspace.description ?? "" };
    return (
      <div key={workspace.name} className="stack">
        {index >= 0 && <Field path={[...path, index]} schema={about} label={label} isRequired={!workspace.optional} />}
        {workspace.optional && (
          <button type="button" className="button" onClick={() => (index < 0 ? add(workspace) : remove(workspace))}>
            <Icon name={index < 0 ? "plus" : "trash"} /> {index < 0 ? "Add" : "Remove"} {label.toLowerCase()}
          </button>
        )}
      </div>
    );
  });
}
