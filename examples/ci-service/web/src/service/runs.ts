/** What can be said of runs and done with them. */
import { getPipelineRun, isPipelineRunPhase, patchPipelineRun, PipelineRunPhase, updateWithRetry, type Api, type MergePatch } from "../api/index.js";
import type { PipelineRun, PipelineRunInput, Task } from "../api/types.js";
import { changes, type Change } from "./changes.js";

const UNDER_WAY: readonly string[] = [PipelineRunPhase.Pending, PipelineRunPhase.Running];

/** Where a run stands; one that nobody has looked at yet is pending. */
export function phaseOf(run: PipelineRun): string {
  return run.status?.phase ?? PipelineRunPhase.Pending;
}

/** A phase that this program does not know is not final: who knows. */
export function isOver(run: PipelineRun): boolean {
  return isPipelineRunPhase(phaseOf(run)) && !UNDER_WAY.includes(phaseOf(run));
}

/** When a run began; of one that waits, since when. */
export function startOf({ status, metadata }: PipelineRun): string {
  return status?.startTime ?? metadata.creationTimestamp;
}

/** The runs, those first that began last. */
export function latestFirst(runs: readonly PipelineRun[]): readonly PipelineRun[] {
  const timed = runs.map((run) => [Date.parse(startOf(run)), run] as const);
  return timed.sort(([left], [right]) => right - left).map(([, run]) => run);
}

export function pathOf({ metadata }: { readonly metadata: { readonly namespace?: string; readonly name: string } }): string {
  return `${encodeURIComponent(metadata.namespace ?? "")}/${encodeURIComponent(metadata.name)}`;
}

/** How a change of a run ended. */
export type Outcome =
  | { readonly kind: "done"; readonly run: PipelineRun }
  /** Somebody else changed what was asked for, meanwhile. */
  | { readonly kind: "conflict"; readonly theirs: PipelineRun; readonly changes: readonly Change[] };

/** A run under way gets a new status every few seconds; more often than this in one save is somebody fighting us. */
const ATTEMPTS = 10;

/**
 * Changes a run as it was seen. A new status in between is nobody's conflict, and is tried again; a new specification is for
 * the caller to decide.
 */
export async function changeRun(api: Api, seen: PipelineRun, patch: MergePatch<PipelineRunInput>): Promise<Outcome> {
  const { name, namespace = "" } = seen.metadata;
  let found: readonly Change[] = [];
  const run = await updateWithRetry(
    () => getPipelineRun(api, { namespace, name }),
    (_: typeof patch, { metadata: { resourceVersion } }) => patchPipelineRun(api, { namespace, name, resourceVersion }, patch),
    (stored) => {
      found = changes(seen.spec, stored.spec, "spec");
      return found.length === 0 ? patch : undefined;
    },
    { attempts: ATTEMPTS },
  );
  return found.length === 0 ? { kind: "done", run } : { kind: "conflict", theirs: run, changes: found };
}

/** The tasks in columns: each after all that it waits for. A cycle ends where it closes. */
export function stagesOf(tasks: readonly Task[]): readonly (readonly Task[])[] {
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const depths = new Map<string, number>();
  const depthOf = (task: Task, above: ReadonlySet<string>): number => {
    const known = depths.get(task.name);
    if (known !== undefined) {
      return known;
    }
    const path = new Set(above).add(task.name);
    const before = (task.runAfter ?? []).flatMap((name) => (path.has(name) ? [] : (byName.get(name) ?? [])));
    const depth = Math.max(-1, ...before.map((earlier) => depthOf(earlier, path))) + 1;
    depths.set(task.name, depth);
    return depth;
  };
  const stages: Task[][] = [];
  for (const task of tasks) {
    (stages[depthOf(task, new Set())] ??= []).push(task);
  }
  return stages;
}
