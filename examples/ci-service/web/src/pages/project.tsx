/** One project: its repository, its limits, its pipelines. */
import { Link } from "wouter";

import { watchPipelinesForAllNamespaces, watchProjectsForAllNamespaces } from "../api/index.js";
import type { Project, ProjectRetention } from "../api/types.js";
import { useLive } from "../service/live.js";
import { useMay } from "../service/permissions.js";
import { count } from "../ui/count.js";
import { Fact, Facts } from "../ui/facts.js";
import { Icon } from "../ui/icon.js";
import { Page } from "../ui/page.js";
import { Empty, Failure, Skeleton } from "../ui/states.js";
import { PipelineTable } from "./pipelines.js";
import { titleOf } from "./projects.js";

const BACK = { to: "/projects", label: "Projects" };

export function ProjectPage({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const live = useLive(watchProjectsForAllNamespaces);
  const project = live.items.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (project) {
    return <Shown project={project} />;
  }
  return (
    <Page title={name} back={BACK}>
      {live.state === "failed" && <Failure error={live.error} retry={live.retry} />}
      {live.state === "loading" && <Skeleton rows={6} />}
      {live.state === "ready" && (
        <Empty icon="search" title="Project not found" action={<Link className="button" href="/projects">Show all projects</Link>}>
          There is no project “{name}” in {namespace}.
        </Empty>
      )}
    </Page>
  );
}

function Shown({ project }: { readonly project: Project }) {
  const { metadata, spec, status } = project;
  const pipelines = useLive(watchPipelinesForAllNamespaces);
  const own = pipelines.items.filter((pipeline) => pipeline.metadata.namespace === metadata.namespace && pipeline.spec.project === metadata.name);
  const { limits, repository } = spec;
  const may = useMay(metadata.namespace ?? "");
  const add = new URLSearchParams({ namespace: metadata.namespace ?? "", project: metadata.name });
  return (
    <Page
      title={titleOf(project)}
      back={BACK}
      badge={<span className="badge badge-idle">{spec.visibility}</span>}
      about={<span className="mono">{repository.url}</span>}
      actions={
        may("create", "pipelines") && (
          <Link className="button" href={`/new/pipeline?${add.toString()}`}>
            <Icon name="plus" /> New pipeline
          </Link>
        )
      }
    >
      <div className="columns">
        <div className="column-main">
          <h2 className="section">Pipelines</h2>
          {pipelines.state === "loading" && <Skeleton rows={3} />}
          {pipelines.state === "failed" && <Failure error={pipelines.error} retry={pipelines.retry} />}
          {pipelines.state === "ready" && own.length === 0 && <p className="muted">This project has no pipelines yet.</p>}
          {own.length > 0 && <PipelineTable pipelines={own} />}
        </div>
        <aside className="column-side" aria-label="About this project">
          <section className="card">
            <Facts>
              <Fact name="Name">
                {metadata.namespace} / {metadata.name}
              </Fact>
              <Fact name="Provider">{repository.provider}</Fact>
              <Fact name="Default branch">{repository.defaultBranch}</Fact>
              <Fact name="Last commit">
                <span className="mono">{status?.lastCommit?.slice(0, 12) ?? "–"}</span>
              </Fact>
              <Fact name="Concurrent runs">{limits.concurrentRuns}</Fact>
              <Fact name="CPU">{limits.cpu ?? "no limit"}</Fact>
              <Fact name="Memory">{limits.memory ?? "no limit"}</Fact>
              <Fact name="Finished runs">{keptFor(spec.retention)}</Fact>
            </Facts>
          </section>
          {status?.conditions?.map(({ type, status: holds, message }) => (
            <section key={type} className="card">
              <h2 className="card-title">
                {type}: {holds}
              </h2>
              <p className="muted">{message}</p>
            </section>
          ))}
        </aside>
      </div>
    </Page>
  );
}

/** Null keeps them for ever, absent follows the service. */
function keptFor(retention: ProjectRetention | null | undefined): string {
  if (retention === null) {
    return "kept forever";
  }
  const { runs, age } = retention ?? {};
  return [runs && `${runs} per branch`, age && `for ${inDays(age)}`].filter(Boolean).join(", ") || "service default";
}

/** A duration of whole days in days, for example `720h` as `30 days`, and any other one as it is written. */
function inDays(age: string): string {
  const hours = /^(\d+)h$/.exec(age)?.[1];
  return hours !== undefined && Number(hours) % 24 === 0 ? count(Number(hours) / 24, "day") : age;
}
