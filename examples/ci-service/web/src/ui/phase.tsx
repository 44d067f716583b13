/** Where a run or a task stands: a word, a colour and a shape, so that none of them is needed alone. */
import type { PipelineRunPhase, PipelineRunTaskPhase } from "../api/index.js";
import { Icon, type IconName } from "./icon.js";

type Value<Enum> = Enum[keyof Enum];
type Phase = Value<typeof PipelineRunPhase> | Value<typeof PipelineRunTaskPhase>;

/** Every phase that the CRD names has one; a newer service may send others. */
const TONES: { readonly [P in Phase]: string } = {
  Pending: "waiting",
  Waiting: "waiting",
  Running: "running",
  Succeeded: "good",
  Failed: "bad",
  Cancelled: "idle",
  Skipped: "idle",
};

const ICONS: { readonly [tone: string]: IconName } = {
  waiting: "clock",
  good: "check",
  bad: "cross",
  idle: "dash",
};

export function toneOf(phase: string): string {
  return phase in TONES ? TONES[phase as Phase] : "idle";
}

/** Only the sign; the word stands beside it or is told to screen readers. */
export function PhaseSign({ phase, label }: { readonly phase: string; readonly label?: boolean }) {
  const tone = toneOf(phase);
  const icon = ICONS[tone];
  return (
    <span className={`sign sign-${tone}`}>
      {tone === "running" ? <span className="ring" aria-hidden="true" /> : icon && <Icon name={icon} size={12} />}
      {label && <span className="unseen">{phase}</span>}
    </span>
  );
}

export function PhaseBadge({ phase }: { readonly phase: string }) {
  return (
    <span className={`badge badge-${toneOf(phase)}`}>
      <PhaseSign phase={phase} />
      {phase}
    </span>
  );
}
