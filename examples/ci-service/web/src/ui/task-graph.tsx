/** The tasks of a pipeline or a run, from left to right in the order in which they start. */
import type { PipelineRunTask, Task } from "../api/types.js";
import { stagesOf } from "../service/runs.js";
import { Icon } from "./icon.js";
import { PhaseSign } from "./phase.js";

interface Props {
  readonly tasks: readonly Task[];
  /** How far each task is; absent for a pipeline, which is not under way. */
  readonly progress?: { readonly [task: string]: PipelineRunTask } | undefined;
  readonly selected: string | undefined;
  readonly onSelect: (task: string) => void;
}

const WIDTH = 178;
const HEIGHT = 52;
const GAP_X = 38;
const GAP_Y = 12;

export function TaskGraph({ tasks, progress, selected, onSelect }: Props) {
  const stages = stagesOf(tasks);
  const places = new Map(
    stages.flatMap((stage, column) =>
      stage.map((task, row) => [task.name, { x: column * (WIDTH + GAP_X), y: row * (HEIGHT + GAP_Y) }] as const),
    ),
  );
  const width = stages.length * (WIDTH + GAP_X) - GAP_X;
  const height = Math.max(1, ...stages.map((stage) => stage.length)) * (HEIGHT + GAP_Y) - GAP_Y;
  return (
    <div className="graph" tabIndex={0} role="region" aria-label="Tasks in their order">
      <div className="graph-plane" style={{ width, height }}>
        <svg width={width} height={height} aria-hidden="true">
          {tasks.flatMap((task) =>
            (task.runAfter ?? []).map((before) => {
              const [from, to] = [places.get(before), places.get(task.name)];
              if (!from || !to) {
                return null;
              }
              const [x1, y1, x2, y2] = [from.x + WIDTH, from.y + HEIGHT / 2, to.x, to.y + HEIGHT / 2];
              const middle = (x1 + x2) / 2;
              return <path key={`${before} ${task.name}`} d={`M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`} />;
            }),
          )}
        </svg>
        <ol>
          {stages.flat().map((task) => {
            const phase = progress?.[task.name]?.phase ?? (progress ? "Waiting" : undefined);
            const place = places.get(task.name);
            return (
              <li key={task.name} style={{ left: place?.x, top: place?.y, width: WIDTH, height: HEIGHT }}>
                <button
                  type="button"
                  className="node"
                  aria-pressed={task.name === selected}
                  onClick={() => onSelect(task.name)}
                >
                  {phase ? <PhaseSign phase={phase} /> : <span className="sign sign-idle"><Icon name="box" size={12} /></span>}
                  <span className="node-text">
                    <span className="node-name">{task.name}</span>
                    <span className="node-about">{phase ?? task.image}</span>
                  </span>
                </button>
              </li>
            );
          })}
        </ol>
      </div>
    </div>
  );
}
