/** The project of a new pipeline. Choosing one chooses its namespace too, because a pipeline is in the namespace of its project. */
import { watchProjectsForAllNamespaces } from "../api/index.js";
import type { Project } from "../api/types.js";
import { useFormContext, type FieldProps } from "../form/form.js";
import { Frame } from "../form/frame.js";
import { useLive } from "../service/live.js";
import { byName } from "./namespace.js";

export function ProjectField(props: FieldProps) {
  const { at, set } = useFormContext();
  const projects = [...useLive(watchProjectsForAllNamespaces).items].sort(byName);
  const [namespace, name] = [at(["metadata", "namespace"]), at(props.path)];
  const chosen = projects.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  const choose = (uid: string) => {
    const project = projects.find(({ metadata }) => metadata.uid === uid);
    set(["metadata", "namespace"], project?.metadata.namespace);
    set(props.path, project?.metadata.name);
  };
  return (
    <Frame {...props} help="The pipeline is created in the namespace of its project.">
      {(wiring) => (
        <select {...wiring} className="input" value={chosen?.metadata.uid ?? ""} onChange={(event) => choose(event.target.value)}>
          <option value="">Choose a project…</option>
          {projects.map((project) => (
            <option key={project.metadata.uid} value={project.metadata.uid}>
              {labelOf(project)}
            </option>
          ))}
        </select>
      )}
    </Frame>
  );
}

function labelOf({ metadata }: Project): string {
  return `${metadata.namespace} / ${metadata.name}`;
}
