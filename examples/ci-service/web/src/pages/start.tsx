/** Starting a run: a form made of the CRD's schema, which knows the pipeline that it is for. */
import { useCallback, useEffect, useMemo } from "react";
import { Link, useLocation, useSearchParams } from "wouter";

import { createPipelineRun, isProblem, watchPipelineRunsForAllNamespaces, watchPipelinesForAllNamespaces } from "../api/index.js";
import type { Pipeline, PipelineRunInput } from "../api/types.js";
import { useForm, type Draft, type Form, type Widgets } from "../form/form.js";
import { SchemaForm } from "../form/schema-form.js";
import type { SchemaDocument } from "../form/schema.js";
import schema from "../schemas/PipelineRunInput.schema.json";
import { useLive } from "../service/live.js";
import { useIsAnswered, useMay } from "../service/permissions.js";
import { explain } from "../service/problems.js";
import { isOver, pathOf, stagesOf } from "../service/runs.js";
import { useApi } from "../service/session.js";
import { Icon } from "../ui/icon.js";
import { useOneColumn } from "../ui/narrow.js";
import { Notice } from "../ui/notice.js";
import { Page } from "../ui/page.js";
import { Denied, Empty, Failure, Skeleton } from "../ui/states.js";
import { say } from "../ui/toasts.js";
import { RunName } from "./name-fields.js";
import { useNamespace } from "./namespace.js";
import { PipelineContext, PipelineField } from "./pipeline-field.js";
import { Params } from "./param-fields.js";
import { Workspaces } from "./workspace-fields.js";

const WIDGETS: Widgets<PipelineRunInput> = {
  // The form ends with the name, which may be empty.
  metadata: "hidden",
  "spec.pipeline": PipelineField,
  "spec.params": Params,
  "spec.workspaces": Workspaces,
  "spec.workspaces.name": "hidden",
  // The service fills them in.
  "spec.tasks": "hidden",
  // Nobody starts a run to stop it.
  "spec.cancelled": "hidden",
};

function isBusy(error: unknown): boolean {
  return isProblem(error, "Conflict") && error.problem.type === "urn:ci-service:branch-busy";
}

export function StartPage() {
  const live = useLive(watchPipelinesForAllNamespaces);
  const namespace = useNamespace()[0];
  const mayStart = useMay(namespace)("create", "pipelineruns");
  const mayCreate = useMay(namespace)("create", "pipelines");
  if (useIsAnswered(namespace) && !mayStart) {
    return (
      <Page title="Start a run" back={{ to: "/runs", label: "Runs" }}>
        <Denied to="start runs" />
      </Page>
    );
  }
  return (
    <Page title="Start a run" back={{ to: "/runs", label: "Runs" }}>
      {live.state === "failed" && <Failure error={live.error} retry={live.retry} />}
      {live.state === "loading" && <Skeleton rows={5} />}
      {live.state === "ready" && live.items.length === 0 && (
        <Empty icon="flow" title="No pipelines yet" action={mayCreate && <Link className="button button-main" href="/new/pipeline">Create a pipeline</Link>}>
          A run needs a pipeline, which defines its tasks.
        </Empty>
      )}
      {live.state === "ready" && live.items.length > 0 && <StartForm pipelines={live.items} />}
    </Page>
  );
}

function StartForm({ pipelines }: { readonly pipelines: readonly Pipeline[] }) {
  const api = useApi();
  const [, navigate] = useLocation();
  const [search] = useSearchParams();
  const initial = useMemo(() => initialRun(search, pipelines), []);
  const send = useCallback(
    async (input: PipelineRunInput) => {
      const { namespace = "", name } = input.metadata;
      const named = name ? {} : { generateName: `${input.spec.pipeline}-` };
      const run = await createPipelineRun(api, { namespace }, { ...input, metadata: { ...input.metadata, ...named } });
      say(`${run.metadata.name} was started`);
      navigate(`/runs/${pathOf(run)}`);
    },
    [api, navigate],
  );
  const form = useForm<PipelineRunInput>({ document: schema as SchemaDocument, initial, widgets: WIDGETS, send });
  const value = form.value as Draft<PipelineRunInput>;
  const pipeline = pipelines.find(
    ({ metadata }) => metadata.name === value.spec?.pipeline && metadata.namespace === value.metadata?.namespace,
  );
  useRequiredWorkspaces(form, pipeline);
  const isOneColumn = useOneColumn();
  const preview = pipeline && <Preview pipeline={pipeline} />;
  return (
    <PipelineContext value={{ pipelines, pipeline }}>
      <div className="columns">
        <SchemaForm
          form={form}
          submit="Start the run"
          last={
            <>
              <RunName path={["metadata"]} schema={schema.properties.metadata} label="Name" isRequired={false} />
              {isOneColumn && preview}
            </>
          }
          failure={(error) => (isBusy(error) ? <Busy form={form} value={value} error={error} /> : undefined)}
          aside={
            <Link className="button" href="/runs">
              Cancel
            </Link>
          }
        />
        {!isOneColumn && (
          <aside className="column-side" aria-label="Tasks of the pipeline">
            {preview}
          </aside>
        )}
      </div>
    </PipelineContext>
  );
}

/** What a run of the pipeline will do. */
function Preview({ pipeline: { metadata, spec } }: { readonly pipeline: Pipeline }) {
  return (
    <section className="card">
      <h2 className="card-title">Tasks of {metadata.name}</h2>
      <ol className="steps">
        {stagesOf(spec.tasks).map((stage, index) => (
          <li key={index}>
            {stage.map(({ name, image }) => (
              <span key={name} className="two-lines">
                <span>{name}</span>
                <span className="muted">{image}</span>
              </span>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What the address asks for, when there is such a pipeline. */
function initialRun(search: URLSearchParams, pipelines: readonly Pipeline[]): Draft<PipelineRunInput> {
  const [namespace, name, branch] = ["namespace", "pipeline", "branch"].map((key) => search.get(key) ?? undefined);
  const isThere = pipelines.some(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  const spec: Draft<PipelineRunInput["spec"]> = { source: { branch } };
  return isThere ? { metadata: { namespace }, spec: { ...spec, pipeline: name } } : { metadata: {}, spec };
}

/** A workspace that a run must bring is a new folder, until somebody says otherwise. */
function useRequiredWorkspaces({ set }: Form, pipeline: Pipeline | undefined): void {
  const uid = pipeline?.metadata.uid;
  useEffect(() => {
    const needed = (pipeline?.spec.workspaces ?? []).filter(({ optional }) => !optional);
    set(["spec", "workspaces"], needed.length > 0 ? needed.map(({ name }) => ({ name, emptyDir: {} })) : undefined);
    set(["spec", "params"], undefined);
  }, [uid, set]);
}

/** The branch has a run in progress: which one, and what can be done. */
function Busy({ form, value, error }: { readonly form: Form; readonly value: Draft<PipelineRunInput>; readonly error: unknown }) {
  const { items } = useLive(watchPipelineRunsForAllNamespaces);
  const other = items.find(
    (run) =>
      !isOver(run) &&
      run.metadata.namespace === value.metadata?.namespace &&
      run.spec.pipeline === value.spec?.pipeline &&
      run.spec.source.branch === value.spec?.source?.branch,
  );
  return (
    <Notice
      tone="warning"
      title="This branch has an active run"
      actions={
        <>
          {other && (
            <Link className="button" href={`/runs/${pathOf(other)}`}>
              Open {other.metadata.name}
            </Link>
          )}
          <button type="button" className="button" disabled={form.isBusy} onClick={() => void form.submit()}>
            <Icon name="refresh" /> Try again
          </button>
        </>
      }
    >
      {explain(error)}
    </Notice>
  );
}
