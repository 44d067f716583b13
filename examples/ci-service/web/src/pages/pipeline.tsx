/** One pipeline: what it does, and what a run of it must bring. */
import { useState } from "react";
import { Link } from "wouter";

import { watchPipelineRunsForAllNamespaces, watchPipelinesForAllNamespaces } from "../api/index.js";
import type { Pipeline } from "../api/types.js";
import { useLive } from "../service/live.js";
import { useMay } from "../service/permissions.js";
import { latestFirst } from "../service/runs.js";
import { Fact, Facts } from "../ui/facts.js";
import { Icon } from "../ui/icon.js";
import { Page } from "../ui/page.js";
import { RunCards } from "../ui/run-cards.js";
import { Empty, Failure, Skeleton } from "../ui/states.js";
import { TaskDetails } from "../ui/task-details.js";
import { TaskGraph } from "../ui/task-graph.js";
import { triggerOf } from "./trigger.js";

const BACK = { to: "/pipelines", label: "Pipelines" };

export function PipelinePage({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const live = useLive(watchPipelinesForAllNamespaces);
  const pipeline = live.items.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (pipeline) {
    return <Shown key={pipeline.metadata.uid} pipeline={pipeline} />;
  }
  return (
    <Page title={name} back={BACK}>
      {live.state === "failed" && <Failure error={live.error} retry={live.retry} />}
      {live.state === "loading" && <Skeleton rows={6} />}
      {live.state === "ready" && (
        <Empty icon="search" title="Pipeline not found" action={<Link className="button" href="/pipelines">Show all pipelines</Link>}>
          There is no pipeline “{name}” in {namespace}.
        </Empty>
      )}
    </Page>
  );
}

function Shown({ pipeline }: { readonly pipeline: Pipeline }) {
  const { metadata, spec } = pipeline;
  const namespace = metadata.namespace ?? "";
  const runs = useLive(watchPipelineRunsForAllNamespaces);
  const own = latestFirst(runs.items.filter((run) => run.metadata.namespace === namespace && run.spec.pipeline === metadata.name));
  const may = useMay(namespace);
  const [chosen, setChosen] = useState<string>();
  const task = spec.tasks.find(({ name }) => name === chosen) ?? spec.tasks[0];
  const start = new URLSearchParams({ namespace, pipeline: metadata.name });
  const about = (
    <>
      Project <Link href={`/projects/${encodeURIComponent(namespace)}/${encodeURIComponent(spec.project)}`}>{spec.project}</Link> · namespace {namespace}
    </>
  );
  return (
    <Page
      title={metadata.name}
      back={BACK}
      about={about}
      actions={
        may("create", "pipelineruns") && (
          <Link className="button button-main" href={`/start?${start.toString()}`}>
            <Icon name="play" /> Start a run
          </Link>
        )
      }
    >
      <div className="columns">
        <div className="column-main">
          <h2 className="section">Tasks</h2>
          <TaskGraph tasks={spec.tasks} selected={task?.name} onSelect={setChosen} />
          {task && <TaskDetails task={task} />}
          <h2 className="section">Latest runs</h2>
          <RunCards runs={own.slice(0, 6)} isLoading={runs.state === "loading"} />
        </div>
        <aside className="column-side" aria-label="About this pipeline">
          <section className="card">
            <h2 className="card-title">Triggers</h2>
            <ul className="plain">
              {(spec.triggers ?? []).map((trigger, index) => <li key={index}>{triggerOf(trigger)}</li>)}
              <li>Manual start</li>
            </ul>
          </section>
          {spec.params && spec.params.length > 0 && (
            <section className="card">
              <h2 className="card-title">Parameters</h2>
              <Facts>
                {spec.params.map((param) => (
                  <Fact key={param.name} name={param.name}>
                    {param.choices?.join(", ") ?? param.type}
                    {param.default === undefined ? <span className="muted"> (required)</span> : <span className="muted"> (default: {valueOf(param.default)})</span>}
                  </Fact>
                ))}
              </Facts>
            </section>
          )}
          {spec.workspaces && spec.workspaces.length > 0 && (
            <section className="card">
              <h2 className="card-title">Workspaces</h2>
              <Facts>
                {spec.workspaces.map(({ name, description, optional }) => (
                  <Fact key={name} name={name}>
                    {description ?? ""} <span className="muted">({optional ? "optional" : "required"})</span>
                  </Fact>
                ))}
              </Facts>
            </section>
          )}
        </aside>
      </div>
    </Page>
  );
}

function valueOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
