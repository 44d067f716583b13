/** All pipelines. */
import { useMemo } from "react";
import { Link } from "wouter";

import { watchPipelineRunsForAllNamespaces, watchPipelinesForAllNamespaces } from "../api/index.js";
import type { Pipeline, PipelineRun } from "../api/types.js";
import { useLive } from "../service/live.js";
import { useMay } from "../service/permissions.js";
import { latestFirst, pathOf, phaseOf } from "../service/runs.js";
import { count } from "../ui/count.js";
import { Icon } from "../ui/icon.js";
import { Page } from "../ui/page.js";
import { PhaseSign } from "../ui/phase.js";
import { Empty, Failure, Skeleton } from "../ui/states.js";
import { NamespaceFilter } from "./namespace-filter.js";
import { byName, isIn, useNamespace } from "./namespace.js";
import { triggerOf } from "./trigger.js";

export function PipelinesPage() {
  const live = useLive(watchPipelinesForAllNamespaces);
  const [namespace] = useNamespace();
  const shown = useMemo(() => live.items.filter((pipeline) => isIn(namespace, pipeline)).sort(byName), [live.items, namespace]);
  const create = useMay(namespace)("create", "pipelines") && (
    <Link className="button button-main" href={namespace ? `/new/pipeline?namespace=${encodeURIComponent(namespace)}` : "/new/pipeline"}>
      <Icon name="plus" /> New pipeline
    </Link>
  );
  return (
    <Page title="Pipelines" about={live.state === "ready" ? count(shown.length, "pipeline") : "…"} actions={<><NamespaceFilter objects={live.items} />{create}</>}>
      {live.state === "failed" && <Failure error={live.error} retry={live.retry} />}
      {live.state === "loading" && <Skeleton rows={6} />}
      {live.state === "ready" && shown.length === 0 && (
        <Empty icon="flow" title="No pipelines yet" action={create}>
          A pipeline is a set of tasks with parameters and workspaces. A run executes its tasks.
        </Empty>
      )}
      {shown.length > 0 && <PipelineTable pipelines={shown} />}
    </Page>
  );
}

/** How many of its newest runs stand beside a pipeline. */
const LATEST = 8;

export function PipelineTable({ pipelines }: { readonly pipelines: readonly Pipeline[] }) {
  const runs = useLive(watchPipelineRunsForAllNamespaces).items;
  const byPipeline = useMemo(() => Map.groupBy(latestFirst(runs), pipelineOf), [runs]);
  return (
    <div className="table pipelines" role="table" aria-label="Pipelines">
      <div className="row row-head" role="row">
        <span role="columnheader">Pipeline</span>
        <span role="columnheader">Project</span>
        <span role="columnheader" className="wide">Tasks</span>
        <span role="columnheader" className="wide">Triggers</span>
        <span role="columnheader" className="right">Latest runs</span>
      </div>
      {pipelines.map((pipeline) => {
        const { metadata, spec } = pipeline;
        const latest = (byPipeline.get(`${metadata.namespace}/${metadata.name}`) ?? []).slice(0, LATEST);
        return (
          <div key={metadata.uid} className="row row-link" role="row">
            <span role="cell" className="two-lines">
              <Link href={`/pipelines/${pathOf(pipeline)}`}>{metadata.name}</Link>
              <span className="muted">{metadata.namespace}</span>
            </span>
            <span role="cell" className="clip">{spec.project}</span>
            <span role="cell" className="wide number">{spec.tasks.length}</span>
            <span role="cell" className="wide muted">{(spec.triggers ?? []).map(triggerOf).join(" · ") || "Manual start"}</span>
            <span role="cell" className="right signs">
              {latest.length === 0 && <span className="muted">No runs</span>}
              {latest.map((run) => <PhaseSign key={run.metadata.uid} phase={phaseOf(run)} label />)}
            </span>
          </div>
        );
      })}
    </div>
  );
}

function pipelineOf(run: PipelineRun): string {
  return `${run.metadata.namespace}/${run.spec.pipeline}`;
}
