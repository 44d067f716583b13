/** A few runs in little space. */
import { Link } from "wouter";

import type { PipelineRun } from "../api/types.js";
import { pathOf, phaseOf, startOf } from "../service/runs.js";
import { Icon } from "./icon.js";
import { PhaseSign } from "./phase.js";
import { Skeleton } from "./states.js";
import { Ago } from "./time.js";

export function RunCards({ runs, isLoading }: { readonly runs: readonly PipelineRun[]; readonly isLoading: boolean }) {
  if (isLoading) {
    return <Skeleton rows={3} />;
  }
  if (runs.length === 0) {
    return <p className="muted">None yet.</p>;
  }
  return (
    <ul className="card run-cards">
      {runs.map((run) => (
        <li key={run.metadata.uid} className="row-link">
          <PhaseSign phase={phaseOf(run)} label />
          <Link href={`/runs/${pathOf(run)}`}>{run.metadata.name}</Link>
          <span className="tag">
            <Icon name="branch" size={12} />
            <span className="clip">{run.spec.source.branch}</span>
          </span>
          <span className="muted">
            <Ago time={startOf(run)} />
          </span>
        </li>
      ))}
    </ul>
  );
}
