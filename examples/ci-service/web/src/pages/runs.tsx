/** All runs, updated as they change, with a filter. Only the visible rows are in the document. */
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { memo, useDeferredValue, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Link, useSearchParams } from "wouter";

import { PipelineRunPhase, watchPipelineRunsForAllNamespaces } from "../api/index.js";
import type { PipelineRun } from "../api/types.js";
import { useLive } from "../service/live.js";
import { useMay } from "../service/permissions.js";
import { isOver, latestFirst, pathOf, phaseOf, startOf } from "../service/runs.js";
import { count } from "../ui/count.js";
import { Icon } from "../ui/icon.js";
import { Page } from "../ui/page.js";
import { PhaseSign } from "../ui/phase.js";
import { Empty, Failure, Skeleton } from "../ui/states.js";
import { Ago, Lasting } from "../ui/time.js";
import { NamespaceFilter } from "./namespace-filter.js";
import { isIn, useNamespace } from "./namespace.js";

const PHASES = Object.values(PipelineRunPhase);
const COUNT = new Intl.NumberFormat("en");

export function RunsPage() {
  const live = useLive(watchPipelineRunsForAllNamespaces);
  const [namespace] = useNamespace();
  const inNamespace = useMemo(() => latestFirst(live.items.filter((run) => isIn(namespace, run))), [live.items, namespace]);
  const active = inNamespace.filter((run) => !isOver(run)).length;
  const about = live.state === "ready" ? `${count(inNamespace.length, "run")}, ${COUNT.format(active)} in progress` : "…";
  const start = useMay(namespace)("create", "pipelineruns") && (
    <Link className="button button-main" href="/start">
      <Icon name="play" /> Start a run
    </Link>
  );
  return (
    <Page title="Runs" about={about} actions={<><NamespaceFilter objects={live.items} />{start}</>}>
      {live.state === "failed" && <Failure error={live.error} retry={live.retry} />}
      {live.state === "loading" && <Skeleton rows={12} />}
      {live.state === "ready" && inNamespace.length === 0 && (
        <Empty icon="play" title="No runs yet" action={start}>
          A run is one execution of a pipeline on one branch. Runs of all users are listed here.
        </Empty>
      )}
      {live.state === "ready" && inNamespace.length > 0 && <Filtered runs={inNamespace} isOneNamespace={namespace !== ""} />}
    </Page>
  );
}

function Filtered({ runs, isOneNamespace }: { readonly runs: readonly PipelineRun[]; readonly isOneNamespace: boolean }) {
  const [search, setSearch] = useSearchParams();
  const phase = search.get("phase") ?? "";
  const [text, setText] = useState(search.get("q") ?? "");
  const wanted = useDeferredValue(text.trim().toLowerCase());
  const change = (name: string, value: string) =>
    setSearch(
      (now) => {
        const next = new URLSearchParams(now);
        if (value === "") {
          next.delete(name);
        } else {
          next.set(name, value);
        }
        return next;
      },
      { replace: true },
    );
  const matching = useMemo(() => runs.filter((run) => textOf(run).includes(wanted)), [runs, wanted]);
  const shown = useMemo(() => matching.filter((run) => phase === "" || phaseOf(run) === phase), [matching, phase]);
  const counts = useMemo(() => Map.groupBy(matching, phaseOf), [matching]);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const isTyping = (event.target as HTMLElement).closest("input, textarea, select, dialog") !== null;
      if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        box.current?.focus();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <div className="filters">
        <div className="search">
          <Icon name="search" />
          <input
            ref={box}
            className="input"
            type="search"
            aria-label="Filter by name, pipeline or branch"
            placeholder="Filter by name, pipeline or branch"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              change("q", event.target.value.trim());
            }}
          />
          <kbd aria-hidden="true">/</kbd>
        </div>
        <div className="chips" role="group" aria-label="Filter by phase">
          {["", ...PHASES].map((value) => (
            <Chip
              key={value}
              phase={value}
              isChosen={phase === value}
              runs={value === "" ? matching.length : (counts.get(value)?.length ?? 0)}
              onChoose={() => change("phase", value)}
            />
          ))}
        </div>
        <p className="unseen" role="status">
          {count(shown.length, "run")} shown
        </p>
      </div>
      {shown.length === 0 ? (
        <Empty
          icon="search"
          title="No matching runs"
          action={
            <button
              type="button"
              className="button"
              onClick={() => {
                setText("");
                change("q", "");
                change("phase", "");
              }}
            >
              Clear the filters
            </button>
          }
        >
          None of the {count(runs.length, "run")} matches the filters.
        </Empty>
      ) : (
        <List runs={shown} isOneNamespace={isOneNamespace} />
      )}
    </>
  );
}

interface ChipProps {
  /** Phase of the runs; empty for all of them. */
  readonly phase: string;
  readonly isChosen: boolean;
  readonly runs: number;
  readonly onChoose: () => void;
}

function Chip({ phase, isChosen, runs, onChoose }: ChipProps) {
  // A phone has no room for phases without runs.
  const isIdle = runs === 0 && !isChosen;
  return (
    <button type="button" className={isIdle ? "chip chip-idle" : "chip"} aria-pressed={isChosen} onClick={onChoose}>
      {phase === "" ? "All" : <PhaseSign phase={phase} />}
      {phase}
      <span className="count">{COUNT.format(runs)}</span>
    </button>
  );
}

/** What a run is found by. */
function textOf(run: PipelineRun): string {
  const { metadata, spec } = run;
  return `${metadata.name} ${metadata.namespace} ${spec.pipeline} ${spec.source.branch} ${spec.source.commit ?? ""}`.toLowerCase();
}

/** Height of a row in pixels. */
const ROW = 56;
/** Height of the bar and of the table's head, which stay at the top of the window, in pixels. */
const STICKY = 96;

function List({ runs, isOneNamespace }: { readonly runs: readonly PipelineRun[]; readonly isOneNamespace: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  // The rows begin where the page's head and the filters end, whose height depends on the width of the window.
  useLayoutEffect(() => {
    const measure = () => setTop(window.scrollY + (box.current?.getBoundingClientRect().top ?? 0));
    measure();
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, []);
  const rows = useWindowVirtualizer({
    count: runs.length,
    estimateSize: () => ROW,
    getItemKey: (index) => runs[index]?.metadata.uid ?? index,
    overscan: 8,
    scrollMargin: top,
    scrollPaddingStart: STICKY,
    scrollPaddingEnd: ROW,
  });
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    const row = (event.target as HTMLElement).closest("[data-index]");
    const next = Number(row?.getAttribute("data-index") ?? Number.NaN) + step;
    if (step === 0 || Number.isNaN(next) || next < 0 || next >= runs.length) {
      return;
    }
    event.preventDefault();
    rows.scrollToIndex(next);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${next}"] a`)?.focus());
  };
  return (
    <div className="table runs" role="table" aria-label="Runs" aria-rowcount={runs.length + 1}>
      <div className="row row-head" role="row" aria-rowindex={1}>
        <span role="columnheader">Run</span>
        <span role="columnheader">Pipeline</span>
        <span role="columnheader">Branch</span>
        <span role="columnheader" className="wide">Commit</span>
        <span role="columnheader" className="wide">Duration</span>
        <span role="columnheader" className="right">Started</span>
      </div>
      {/* eslint-disable-next-line jsx-a11y/no-static-element-interactions -- arrow keys between links */}
      <div className="plane" role="rowgroup" ref={box} onKeyDown={move} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ key, index, start }) => {
          const run = runs[index];
          return run && <Row key={key} run={run} index={index} start={start - top} isOneNamespace={isOneNamespace} />;
        })}
      </div>
    </div>
  );
}

interface RowProps {
  readonly run: PipelineRun;
  readonly index: number;
  readonly start: number;
  readonly isOneNamespace: boolean;
}

const Row = memo(function Row({ run, index, start, isOneNamespace }: RowProps) {
  const { metadata, spec, status } = run;
  const phase = phaseOf(run);
  return (
    <div className="row row-link" role="row" aria-rowindex={index + 2} data-index={index} style={{ transform: `translateY(${start}px)`, height: ROW }}>
      <span role="cell" className="row-name">
        <PhaseSign key={phase} phase={phase} label />
        <span className="two-lines">
          <Link href={`/runs/${pathOf(run)}`}>{metadata.name}</Link>
          <span className="muted">{isOneNamespace ? phase : `${metadata.namespace} · ${phase}`}</span>
        </span>
      </span>
      <span role="cell" className="clip">{spec.pipeline}</span>
      <span role="cell" className="clip">
        <span className="tag">
          <Icon name="branch" size={12} />
          <span className="clip">{spec.source.branch}</span>
        </span>
      </span>
      <span role="cell" className="wide mono muted">{spec.source.commit?.slice(0, 7) ?? "–"}</span>
      <span role="cell" className="wide">
        <Lasting from={status?.startTime} to={status?.completionTime} />
      </span>
      <span role="cell" className="right muted">
        <Ago time={startOf(run)} />
      </span>
    </div>
  );
});
