/** One run: where each task stands, what it was started with, and what can still be changed. */
import { useState } from "react";
import { Link, useLocation } from "wouter";

import { deletePipelineRun, watchPipelineRunsForAllNamespaces } from "../api/index.js";
import type { PipelineRun, PipelineRunParam, PipelineRunWorkspace } from "../api/types.js";
import { useLive } from "../service/live.js";
import { useMay } from "../service/permissions.js";
import { explain } from "../service/problems.js";
import { changeRun, isOver, phaseOf, startOf } from "../service/runs.js";
import { useApi } from "../service/session.js";
import { Dialog } from "../ui/dialog.js";
import { Fact, Facts } from "../ui/facts.js";
import { Icon } from "../ui/icon.js";
import { Notice } from "../ui/notice.js";
import { Page } from "../ui/page.js";
import { PhaseBadge } from "../ui/phase.js";
import { Empty, Failure, Skeleton } from "../ui/states.js";
import { TaskDetails } from "../ui/task-details.js";
import { TaskGraph } from "../ui/task-graph.js";
import { Ago, Lasting } from "../ui/time.js";
import { say } from "../ui/toasts.js";
import { PriorityDialog } from "./priority.js";

const BACK = { to: "/runs", label: "Runs" };

export function RunPage({ namespace, name }: { readonly namespace: string; readonly name: string }) {
  const live = useLive(watchPipelineRunsForAllNamespaces);
  const run = live.items.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (run) {
    return <Shown key={run.metadata.uid} run={run} />;
  }
  return (
    <Page title={name} back={BACK}>
      {live.state === "failed" && <Failure error={live.error} retry={live.retry} />}
      {live.state === "loading" && <Skeleton rows={6} />}
      {live.state === "ready" && (
        <Empty icon="search" title="Run not found" action={<Link className="button" href="/runs">Show all runs</Link>}>
          There is no run “{name}” in {namespace}. It may have been deleted.
        </Empty>
      )}
    </Page>
  );
}

type Asked = "priority" | "delete" | undefined;

function Shown({ run }: { readonly run: PipelineRun }) {
  const api = useApi();
  const [asked, setAsked] = useState<Asked>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const may = useMay(run.metadata.namespace ?? "");
  const { metadata, spec, status } = run;
  const tasks = spec.tasks ?? [];
  const [chosen, setChosen] = useState<string>();
  const current = tasks.find(({ name }) => status?.tasks?.[name]?.phase === "Failed") ?? tasks.find(({ name }) => status?.tasks?.[name]?.phase === "Running");
  const task = tasks.find(({ name }) => name === chosen) ?? current ?? tasks[0];

  const cancel = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const outcome = await changeRun(api, run, { spec: { cancelled: true } });
      if (outcome.kind === "conflict") {
        await changeRun(api, outcome.theirs, { spec: { cancelled: true } });
      }
      say(`${metadata.name} is being cancelled`);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const again = new URLSearchParams({ namespace: metadata.namespace ?? "", pipeline: spec.pipeline, branch: spec.source.branch });
  const actions = (
    <>
      {!isOver(run) && may("patch", "pipelineruns") && (
        <button type="button" className="button" disabled={isBusy || spec.cancelled} onClick={() => void cancel()}>
          <Icon name="stop" /> {spec.cancelled ? "Cancelling…" : "Cancel"}
        </button>
      )}
      {may("delete", "pipelineruns") && (
        <button type="button" className="button button-quiet" onClick={() => setAsked("delete")}>
          <Icon name="trash" /> Delete
        </button>
      )}
      {may("create", "pipelineruns") && (
        <Link className="button" href={`/start?${again.toString()}`}>
          <Icon name="refresh" /> Run again
        </Link>
      )}
    </>
  );
  const about = (
    <>
      Pipeline <Link href={`/pipelines/${encodeURIComponent(metadata.namespace ?? "")}/${encodeURIComponent(spec.pipeline)}`}>{spec.pipeline}</Link> · branch{" "}
      <span className="tag">
        <Icon name="branch" size={12} />
        {spec.source.branch}
      </span>{" "}
      · namespace {metadata.namespace}
    </>
  );
  return (
    <Page title={metadata.name} back={BACK} badge={<PhaseBadge phase={phaseOf(run)} />} about={about} actions={actions}>
      {error !== undefined && (
        <Notice tone="bad" title="The run was not cancelled">
          {explain(error)}
        </Notice>
      )}
      <div className="columns">
        <div className="column-main">
          <h2 className="section">Tasks</h2>
          {tasks.length > 0 ? (
            <>
              <TaskGraph tasks={tasks} progress={status?.tasks ?? {}} selected={task?.name} onSelect={setChosen} />
              {task && <TaskDetails task={task} progress={status?.tasks?.[task.name]} />}
            </>
          ) : (
            <p className="muted">This run has no tasks.</p>
          )}
          <Conditions run={run} />
        </div>
        <aside className="column-side" aria-label="About this run">
          <section className="card">
            <Facts>
              <Fact name="Duration">
                <Lasting from={status?.startTime} to={status?.completionTime} />
              </Fact>
              <Fact name={status?.startTime ? "Started" : "Created"}>
                <Ago time={startOf(run)} />
              </Fact>
              <Fact name="Commit">
                <span className="mono">{spec.source.commit?.slice(0, 12) ?? "newest of the branch"}</span>
              </Fact>
              <Fact name="Runner">{status?.runner ?? "not assigned yet"}</Fact>
              <Fact name="Priority">
                {spec.priority ?? "not set"}
                {may("patch", "pipelineruns") && (
                  <button type="button" className="button button-quiet button-square" aria-label="Change the priority" onClick={() => setAsked("priority")}>
                    <Icon name="edit" size={14} />
                  </button>
                )}
              </Fact>
            </Facts>
          </section>
          <Params params={spec.params ?? []} />
          <Workspaces workspaces={spec.workspaces ?? []} />
        </aside>
      </div>
      {asked === "priority" && <PriorityDialog run={run} onClose={() => setAsked(undefined)} />}
      {asked === "delete" && <DeleteDialog run={run} onClose={() => setAsked(undefined)} />}
    </Page>
  );
}

function Conditions({ run }: { readonly run: PipelineRun }) {
  const conditions = run.status?.conditions ?? [];
  if (conditions.length === 0) {
    return null;
  }
  return (
    <section>
      <h2 className="section">Conditions</h2>
      <div className="card">
        <Facts>
          {conditions.map(({ type, status, reason, message }) => (
            <Fact key={type} name={type}>
              {status} · {reason}
              {message && <span className="muted"> {message}</span>}
            </Fact>
          ))}
        </Facts>
      </div>
    </section>
  );
}

function Params({ params }: { readonly params: readonly PipelineRunParam[] }) {
  if (params.length === 0) {
    return null;
  }
  return (
    <section className="card">
      <h2 className="card-title">Parameters</h2>
      <Facts>
        {params.map(({ name, value }) => (
          <Fact key={name} name={name}>
            <code>{typeof value === "string" ? value : JSON.stringify(value)}</code>
          </Fact>
        ))}
      </Facts>
    </section>
  );
}

function Workspaces({ workspaces }: { readonly workspaces: readonly PipelineRunWorkspace[] }) {
  if (workspaces.length === 0) {
    return null;
  }
  return (
    <section className="card">
      <h2 className="card-title">Workspaces</h2>
      <Facts>
        {workspaces.map(({ name, secret, volumeClaim }) => (
          <Fact key={name} name={name}>
            {secret ? `secret ${secret.secretName}` : volumeClaim ? `volume ${volumeClaim.claimName}` : "new empty folder"}
          </Fact>
        ))}
      </Facts>
    </section>
  );
}

function DeleteDialog({ run, onClose }: { readonly run: PipelineRun; readonly onClose: () => void }) {
  const api = useApi();
  const [, navigate] = useLocation();
  const [error, setError] = useState<unknown>();
  const { name, namespace = "" } = run.metadata;
  const remove = async () => {
    try {
      await deletePipelineRun(api, { namespace, name });
      say(`${name} was deleted`);
      navigate("/runs");
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <Dialog title={`Delete ${name}?`} onClose={onClose}>
      <p>The run and its results will be deleted. You cannot undo this. {isOver(run) ? "" : "The run has not finished yet."}</p>
      {error !== undefined && (
        <Notice tone="bad" title="The run was not deleted">
          {explain(error)}
        </Notice>
      )}
      <footer>
        <button type="button" className="button" onClick={onClose}>
          Keep the run
        </button>
        <button type="button" className="button button-danger" onClick={() => void remove()}>
          Delete
        </button>
      </footer>
    </Dialog>
  );
}
