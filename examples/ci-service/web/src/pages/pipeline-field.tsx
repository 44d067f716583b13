/** Which pipeline a run is of. Choosing one chooses its namespace too: a run lives where its pipeline does. */
import { createContext, useContext } from "react";

import type { Pipeline } from "../api/types.js";
import { useFormContext, type FieldProps } from "../form/form.js";
import { Frame } from "../form/frame.js";

interface Known {
  readonly pipelines: readonly Pipeline[];
  /** The chosen one. */
  readonly pipeline: Pipeline | undefined;
}

export const PipelineContext = createContext<Known>({ pipelines: [], pipeline: undefined });

export function PipelineField(props: FieldProps) {
  const { set } = useFormContext();
  const { pipelines, pipeline } = useContext(PipelineContext);
  const choose = (uid: string) => {
    const chosen = pipelines.find(({ metadata }) => metadata.uid === uid);
    set(["metadata", "namespace"], chosen?.metadata.namespace);
    set(props.path, chosen?.metadata.name);
  };
  const byName = [...pipelines].sort((a, b) => labelOf(a).localeCompare(labelOf(b)));
  return (
    <Frame {...props} help="The pipeline to run. Set its parameters and workspaces below.">
      {(wiring) => (
        <select {...wiring} className="input" value={pipeline?.metadata.uid ?? ""} onChange={(event) => choose(event.target.value)}>
          <option value="">Choose a pipeline…</option>
          {byName.map((each) => (
            <option key={each.metadata.uid} value={each.metadata.uid}>
              {labelOf(each)}
            </option>
          ))}
        </select>
      )}
    </Frame>
  );
}

function labelOf({ metadata }: Pipeline): string {
  return `${metadata.namespace} / ${metadata.name}`;
}
