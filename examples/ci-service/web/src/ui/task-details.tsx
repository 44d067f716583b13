/** All about one task. */
import type { PipelineRunTask, Task } from "../api/types.js";
import { Fact, Facts } from "./facts.js";
import { Icon } from "./icon.js";
import { PhaseBadge } from "./phase.js";

interface Props {
  readonly task: Task;
  readonly progress?: PipelineRunTask | undefined;
}

export function TaskDetails({ task, progress }: Props) {
  const log = progress?.log;
  return (
    <section className="card task" aria-label={`Task ${task.name}`}>
      <header className="card-head">
        <h3>{task.name}</h3>
        {progress && <PhaseBadge phase={progress.phase} />}
        {log?.startsWith("https://") && (
          <a className="button button-quiet" href={log} target="_blank" rel="noreferrer">
            Log <Icon name="external" />
          </a>
        )}
      </header>
      <Facts>
        <Fact name="Image">
          <code>{task.image}</code>
        </Fact>
        {task.runAfter && task.runAfter.length > 0 && <Fact name="After">{task.runAfter.join(", ")}</Fact>}
        {progress?.attempts !== undefined && (
          <Fact name="Attempts">
            {progress.attempts} of {task.retries + 1}
          </Fact>
        )}
        {typeof progress?.exitCode === "number" && <Fact name="Exit code">{progress.exitCode}</Fact>}
        {task.timeout && <Fact name="Timeout">{task.timeout}</Fact>}
        {task.onError !== "Stop" && <Fact name="On error">{task.onError}</Fact>}
        {Object.entries(task.limits ?? {}).map(([name, limit]) => (
          <Fact key={name} name={`Limit of ${name}`}>
            {limit}
          </Fact>
        ))}
        {task.when?.map((when) => (
          <Fact key={when.input} name="When">
            <code>{when.input}</code> {when.operator === "NotIn" ? "is none of" : "is one of"} {when.values.join(", ")}
          </Fact>
        ))}
      </Facts>
      <pre className="script" tabIndex={0} aria-label={task.script ? "Script" : "Command"}>
        {task.script ?? task.command?.join(" ")}
      </pre>
    </section>
  );
}
