/** Tasks of a pipeline or a run, in the order in which they start: from left to right, or on a phone from top to bottom. */
import type { PipelineRunTask, Task } from "../api/types.js";
import { stagesOf } from "../service/runs.js";
import { Icon } from "./icon.js";
import { useNarrow } from "./narrow.js";
import { PhaseSign } from "./phase.js";

interface Props {
  readonly tasks: readonly Task[];
  /** State of each task; absent for a pipeline, which is not in progress. */
  readonly progress?: { readonly [task: string]: PipelineRunTask } | undefined;
  readonly selected: string | undefined;
  readonly onSelect: (task: string) => void;
}

const WIDTH = 178;
const HEIGHT = 52;
const GAP_X = 38;
const GAP_Y = 12;

export function TaskGraph(props: Props) {
  return useNarrow() ? <Steps {...props} /> : <Graph {...props} />;
}

function Steps(props: Props) {
  return (
    <ol className="card steps task-steps" aria-label="Tasks in their order">
      {stagesOf(props.tasks).map((stage, index) => (
        <li key={index}>
          {stage.map((task) => (
            <Node key={task.name} {...props} task={task} />
          ))}
        </li>
      ))}
    </ol>
  );
}

function Graph(props: Props) {
  const { tasks } = props;
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
            const place = places.get(task.name);
            return (
              <li key={task.name} style={{ left: place?.x, top: place?.y, width: WIDTH, height: HEIGHT }}>
                <Node {...props} task={task} />
              </li>
            );
          })}
        </ol>
      </div>
    </div>
  );
}

function Node({ task, progress, selected, onSelect }: Props & { readonly task: Task }) {
  const phase = progress?.[task.name]?.phase ?? (progress ? "Waiting" : undefined);
  return (
    <button type="button" className="node" aria-pressed={task.name === selected} onClick={() => onSelect(task.name)}>
      {phase ? <PhaseSign phase={phase} /> : <span className="sign sign-idle"><Icon name="box" size={12} /></span>}
      <span className="node-text">
        <span className="node-name">{task.name}</span>
        <span className="node-about">{phase ?? task.image}</span>
      </span>
    </button>
  );
}
