/** All projects. */
import { useMemo } from "react";
import { Link } from "wouter";

import { watchProjectsForAllNamespaces } from "../api/index.js";
import type { Project } from "../api/types.js";
import { useLive } from "../service/live.js";
import { useMay } from "../service/permissions.js";
import { pathOf } from "../service/runs.js";
import { count } from "../ui/count.js";
import { Icon } from "../ui/icon.js";
import { Page } from "../ui/page.js";
import { Empty, Failure, Skeleton } from "../ui/states.js";
import { NamespaceFilter } from "./namespace-filter.js";
import { byName, isIn, useNamespace } from "./namespace.js";

export function ProjectsPage() {
  const live = useLive(watchProjectsForAllNamespaces);
  const [namespace] = useNamespace();
  const shown = useMemo(() => live.items.filter((project) => isIn(namespace, project)).sort(byName), [live.items, namespace]);
  const create = useMay(namespace)("create", "projects") && (
    <Link className="button button-main" href={namespace ? `/new/project?namespace=${encodeURIComponent(namespace)}` : "/new/project"}>
      <Icon name="plus" /> New project
    </Link>
  );
  return (
    <Page title="Projects" about={live.state === "ready" ? count(shown.length, "project") : "…"} actions={<><NamespaceFilter objects={live.items} />{create}</>}>
      {live.state === "failed" && <Failure error={live.error} retry={live.retry} />}
      {live.state === "loading" && <Skeleton rows={6} />}
      {live.state === "ready" && shown.length === 0 && (
        <Empty icon="box" title="No projects yet" action={create}>
          A project is a source repository with its pipelines.
        </Empty>
      )}
      <ul className="grid">
        {shown.map((project) => (
          <ProjectCard key={project.metadata.uid} project={project} />
        ))}
      </ul>
    </Page>
  );
}

/** Name shown to people; the object's name when there is none. */
export function titleOf({ metadata, spec }: Project): string {
  return spec.displayName || metadata.name;
}

function ProjectCard({ project }: { readonly project: Project }) {
  const { metadata, spec, status } = project;
  return (
    <li className="card row-link project">
      <div className="project-head">
        <span className="avatar" aria-hidden="true">
          {titleOf(project).charAt(0).toUpperCase()}
        </span>
        <span className="two-lines">
          <Link href={`/projects/${pathOf(project)}`}>{titleOf(project)}</Link>
          <span className="muted">
            {metadata.namespace} / {metadata.name}
          </span>
        </span>
        <span className="badge badge-idle">{spec.visibility}</span>
      </div>
      <p className="clip mono muted">{spec.repository.url}</p>
      <p className="muted">
        {status?.activeRuns === undefined ? "Up to" : `${status.activeRuns} of`} {spec.limits.concurrentRuns} concurrent runs
      </p>
    </li>
  );
}
