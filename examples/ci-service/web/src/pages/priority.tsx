/** Changes a run's priority, and shows what somebody else did to the run meanwhile. */
import { useCallback, useState } from "react";

import type { PipelineRun, PipelineRunInput } from "../api/types.js";
import { useForm, type Widgets } from "../form/form.js";
import { SchemaForm } from "../form/schema-form.js";
import type { SchemaDocument } from "../form/schema.js";
import schema from "../schemas/PipelineRunInput.schema.json";
import { changes, shown, type Change } from "../service/changes.js";
import { changeRun } from "../service/runs.js";
import { useApi } from "../service/session.js";
import { Dialog } from "../ui/dialog.js";
import { Notice } from "../ui/notice.js";
import { say } from "../ui/toasts.js";

/** Nothing else of a run may change once it exists. */
const ONLY_PRIORITY: Widgets<PipelineRunInput> = {
  metadata: "hidden",
  "spec.pipeline": "hidden",
  "spec.source": "hidden",
  "spec.cancelled": "hidden",
  "spec.params": "hidden",
  "spec.workspaces": "hidden",
  "spec.tasks": "hidden",
  "spec.runnerSelector": "hidden",
};

export function PriorityDialog({ run, onClose }: { readonly run: PipelineRun; readonly onClose: () => void }) {
  const api = useApi();
  // What the caller saw last: newer states are shown as changes until they are taken for seen.
  const [seen, setSeen] = useState(run);
  const [conflict, setConflict] = useState<readonly Change[]>();
  const send = useCallback(
    async ({ spec }: PipelineRunInput) => {
      const outcome = await changeRun(api, seen, { spec: { priority: spec.priority ?? null } });
      if (outcome.kind === "conflict") {
        setSeen(outcome.theirs);
        setConflict(outcome.changes);
        return;
      }
      say(`${seen.metadata.name} has the priority ${shown(spec.priority)}`);
      onClose();
    },
    [api, seen, onClose],
  );
  const initial = { spec: { priority: run.spec.priority } };
  const form = useForm<PipelineRunInput>({ document: schema as SchemaDocument, initial, widgets: ONLY_PRIORITY, send });
  const news = changes(seen.spec, run.spec, "spec");
  return (
    <Dialog title="Change the priority" onClose={onClose}>
      {conflict && (
        <Notice tone="warning" title="Not saved: somebody else changed this run">
          <Changes of={conflict} />
          Save again to replace their value with yours, or close to keep their value.
        </Notice>
      )}
      {!conflict && news.length > 0 && (
        <Notice tone="info" title="Somebody else has just changed this run">
          <Changes of={news} />
        </Notice>
      )}
      <SchemaForm
        form={form}
        submit={conflict ? "Save my value" : "Save"}
        aside={
          <button type="button" className="button" onClick={onClose}>
            {conflict ? "Keep their value" : "Close"}
          </button>
        }
      />
    </Dialog>
  );
}

function Changes({ of }: { readonly of: readonly Change[] }) {
  return (
    <ul className="changes">
      {of.map(({ place, before, after }) => (
        <li key={place}>
          <code>{place}</code>: <del>{shown(before)}</del> <span aria-hidden="true">→</span> <ins>{shown(after)}</ins>
        </li>
      ))}
    </ul>
  );
}
