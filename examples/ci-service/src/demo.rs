//! Demo data: a few projects, pipelines and runs, and a stand-in for the operator of a real installation.
//!
//! No container is started. The duration and the result of a task follow from its name and the name of its run, so the
//! status of a run is a function of the time since its start. The stand-in only writes that status, with the operations
//! that an operator uses.

use std::collections::BTreeMap;
use std::time::Duration;

use crdgen_runtime::backend::{Backend, Key, ListQuery, Namespace, Preconditions};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::generated::ci_example_com::v1::pipeline::Pipeline;
use crate::generated::ci_example_com::v1::pipeline_run::{
    OnError, PipelineRun, PipelineRunParam, PipelineRunPhase, PipelineRunSource, PipelineRunSpec, PipelineRunStatus,
    PipelineRunTask, PipelineRunTaskPhase as TaskPhase, PipelineRunWorkspace, Task,
};
use crate::generated::ci_example_com::v1::project::Project;
use crate::service::Store;
use crate::start::start;

/// Contents of `demo/objects.json`.
#[derive(Deserialize)]
struct Objects {
    projects: Vec<serde_json::Value>,
    pipelines: Vec<serde_json::Value>,
    runs: Vec<Habit>,
}

/// Branches of a pipeline on which runs are started.
#[derive(Deserialize)]
struct Habit {
    namespace: Namespace,
    pipeline: String,
    branches: Vec<String>,
    #[serde(default)]
    params: Option<Vec<PipelineRunParam>>,
    #[serde(default)]
    workspaces: Option<Vec<PipelineRunWorkspace>>,
}

fn objects() -> anyhow::Result<Objects> {
    Ok(serde_json::from_str(include_str!("demo/objects.json"))?)
}

/// Number of runs that have ended when the demo begins.
const PAST: usize = 48;
/// Time between the starts of two of these runs.
const BETWEEN: SignedDuration = SignedDuration::from_mins(11);

/// Creates the objects of the demo in a store.
pub async fn fill<S: Store>(store: &S) -> anyhow::Result<()> {
    let objects = objects()?;
    for project in objects.projects {
        let project: Project = object("Project", project)?;
        let namespace = project.metadata.namespace.as_deref().unwrap_or_default().parse()?;
        store.create(Some(&namespace), &project).await?;
    }
    for pipeline in objects.pipelines {
        let pipeline: Pipeline = object("Pipeline", pipeline)?;
        let namespace = pipeline.metadata.namespace.as_deref().unwrap_or_default().parse()?;
        store.create(Some(&namespace), &pipeline).await?;
    }
    let now = Timestamp::now();
    for index in 0..PAST {
        let habit = &objects.runs[index % objects.runs.len()];
        let mut run = push(store, habit, index, &format!("{}-{}", habit.pipeline, 101 + index)).await?;
        let started = now - BETWEEN * i32::try_from(PAST - index)?;
        run.status = Some(status_at(&run, started, now));
        report(store, &run).await?;
    }
    Ok(())
}

/// Interval at which the stand-in updates the runs.
const STEP: Duration = Duration::from_secs(1);
/// Number of steps between two pushes to a branch.
const QUIET: usize = 20;
/// Number of runs that are in progress at the same time; others wait.
const RUNNERS: usize = 5;

/// Updates the runs and starts one from time to time. Never returns.
pub async fn operate<S: Store>(store: S) {
    let Ok(Objects { runs: habits, .. }) = objects() else { return };
    let mut clock = tokio::time::interval(STEP);
    for step in 0.. {
        clock.tick().await;
        // If a run was changed in between, the next step looks at it again.
        let _ = look_after(&store).await;
        if step % QUIET == 1 {
            let habit = &habits[step / QUIET % habits.len()];
            let name = format!("{}-{}", habit.pipeline, 101 + PAST + step / QUIET);
            let _ = push(&store, habit, step / QUIET, &name).await;
        }
    }
}

/// Starts a run for a push to one of the branches. Fails if a run is in progress there.
async fn push<S: Store>(store: &S, habit: &Habit, index: usize, name: &str) -> anyhow::Result<PipelineRun> {
    let Habit { namespace, pipeline, branches, params, workspaces } = habit;
    let branch = &branches[index / 2 % branches.len()];
    let commit: String =
        Sha256::digest(format!("{branch} {name}"))[..20].iter().map(|byte| format!("{byte:02x}")).collect();
    let spec = PipelineRunSpec {
        params: params.clone(),
        workspaces: workspaces.clone(),
        ..PipelineRunSpec::new(pipeline, PipelineRunSource { branch: branch.clone(), commit: Some(commit) })
    };
    let run = PipelineRun::new(name, spec);
    let key = Key::namespaced(namespace.clone(), pipeline.parse()?);
    let pipeline = Backend::<Pipeline>::get(store, &key).await?;
    let others = Backend::<PipelineRun>::list(store, Some(namespace), &ListQuery::default()).await?.items;
    let run = start(&pipeline, run, &others).map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
    Ok(store.create(Some(namespace), &run).await?)
}

async fn look_after<S: Store>(store: &S) -> anyhow::Result<()> {
    let runs = Backend::<PipelineRun>::list(store, None, &ListQuery::default()).await?.items;
    let mut under_way: Vec<_> = runs.into_iter().filter(|run| !is_over(run)).collect();
    under_way.sort_by_key(|run| (started(run).is_none(), run.metadata.creation_timestamp.clone()));
    let now = Timestamp::now();
    for mut run in under_way.into_iter().take(RUNNERS) {
        let status = Some(status_at(&run, started(&run).unwrap_or(now), now));
        if run.status != status {
            run.status = status;
            let _ = report(store, &run).await;
        }
    }
    Ok(())
}

async fn report<S: Store>(store: &S, run: &PipelineRun) -> anyhow::Result<()> {
    let metadata = &run.metadata;
    let (namespace, name) = (metadata.namespace.as_deref().unwrap_or_default(), metadata.name.as_deref());
    let key = Key::namespaced(namespace.parse()?, name.unwrap_or_default().parse()?);
    store.replace_status(&key, run, &Preconditions::default()).await?;
    Ok(())
}

fn is_over(run: &PipelineRun) -> bool {
    let phase = run.status.as_ref().and_then(|status| status.phase.as_ref());
    !matches!(phase, None | Some(PipelineRunPhase::Pending | PipelineRunPhase::Running))
}

fn started(run: &PipelineRun) -> Option<Timestamp> {
    run.status.as_ref()?.start_time.as_deref()?.parse().ok()
}

/// Returns the status of a run at `now`.
fn status_at(run: &PipelineRun, started: Timestamp, now: Timestamp) -> PipelineRunStatus {
    let tasks = run.spec.tasks.as_deref().unwrap_or_default();
    let name = run.metadata.name.as_deref().unwrap_or_default();
    let plan = plan(name, tasks);
    let elapsed = now.duration_since(started);
    let is_cancelled = run.spec.cancelled.unwrap_or(false);
    let end = plan.values().map(|course| course.end).max().unwrap_or_default();
    let is_finished = elapsed >= end;
    let phase = match (is_cancelled, is_finished) {
        (true, _) => PipelineRunPhase::Cancelled,
        (_, false) => PipelineRunPhase::Running,
        _ if plan.values().any(|course| course.fate == Fate::Fails) => PipelineRunPhase::Failed,
        _ => PipelineRunPhase::Succeeded,
    };
    let completed = (is_finished || is_cancelled).then(|| if is_cancelled { now } else { started + end });
    let progress = tasks.iter().map(|task| {
        let log = format!("https://logs.example.com/{name}/{}", task.name);
        (task.name.clone(), plan[task.name.as_str()].at(elapsed, is_cancelled, log))
    });
    PipelineRunStatus {
        phase: Some(phase),
        runner: Some(format!("large-{}", dice(name, "runner") % 4)),
        start_time: Some(started.to_string()),
        completion_time: completed.map(|time| time.to_string()),
        tasks: Some(progress.collect()),
        ..PipelineRunStatus::default()
    }
}

/// Start and end of a task, counted from the start of its run, and its result.
struct Course {
    start: SignedDuration,
    end: SignedDuration,
    fate: Fate,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Succeeds,
    Fails,
    IsSkipped,
}

impl Course {
    fn at(&self, elapsed: SignedDuration, is_cancelled: bool, log: String) -> PipelineRunTask {
        let (phase, exit_code) = match self.fate {
            Fate::IsSkipped if elapsed >= self.start => return PipelineRunTask::new(TaskPhase::Skipped),
            Fate::Succeeds if elapsed >= self.end => (TaskPhase::Succeeded, Some(0)),
            Fate::Fails if elapsed >= self.end => (TaskPhase::Failed, Some(1)),
            _ if is_cancelled => return PipelineRunTask::new(TaskPhase::Skipped),
            _ if elapsed < self.start => return PipelineRunTask::new(TaskPhase::Waiting),
            _ => (TaskPhase::Running, None),
        };
        PipelineRunTask { attempts: Some(1), exit_code: Some(exit_code), log: Some(log), ..PipelineRunTask::new(phase) }
    }
}

/// Returns the course of every task. A task begins when the last of the tasks before it has ended, unless one of them
/// has failed.
fn plan<'a>(run: &str, tasks: &'a [Task]) -> BTreeMap<&'a str, Course> {
    let mut plan: BTreeMap<&str, Course> = BTreeMap::new();
    // Plans the tasks in an order that respects `runAfter`. A task that waits for itself is never planned here and is
    // skipped below.
    while let Some(task) =
        tasks.iter().find(|task| !plan.contains_key(&*task.name) && before(task).all(|name| plan.contains_key(name)))
    {
        let start = before(task).map(|name| plan[name].end).max().unwrap_or_default();
        let is_stopped = before(task).any(|name| stops(&plan[name], tasks, name));
        let length = SignedDuration::from_secs(3 + i64::from(dice(run, &task.name) % 9));
        let fate = match dice(&task.name, run) {
            _ if is_stopped => Fate::IsSkipped,
            0..16 => Fate::Fails,
            _ => Fate::Succeeds,
        };
        let end = if fate == Fate::IsSkipped { start } else { start + length };
        plan.insert(&task.name, Course { start, end, fate });
    }
    for task in tasks {
        plan.entry(&task.name).or_insert(Course {
            start: SignedDuration::ZERO,
            end: SignedDuration::ZERO,
            fate: Fate::IsSkipped,
        });
    }
    plan
}

fn before(task: &Task) -> impl Iterator<Item = &str> {
    task.run_after.iter().flatten().map(String::as_str)
}

/// Returns whether the tasks after a task are skipped.
fn stops(course: &Course, tasks: &[Task], name: &str) -> bool {
    let goes_on = tasks.iter().any(|task| task.name == name && task.on_error == Some(OnError::Continue));
    course.fate == Fate::IsSkipped || (course.fate == Fate::Fails && !goes_on)
}

/// Returns a number that depends only on the two texts.
fn dice(one: &str, other: &str) -> u8 {
    Sha256::digest(format!("{one} {other}"))[0]
}

fn object<K: serde::de::DeserializeOwned>(kind: &str, mut value: serde_json::Value) -> anyhow::Result<K> {
    value["apiVersion"] = "ci.example.com/v1".into();
    value["kind"] = kind.into();
    Ok(serde_json::from_value(value)?)
}

#[cfg(test)]
mod tests {
    use crdgen_runtime::backend::memory::MemoryBackend;

    use super::*;

    fn phase_of(run: &PipelineRun) -> &PipelineRunPhase {
        run.status.as_ref().and_then(|status| status.phase.as_ref()).expect("a phase")
    }

    #[tokio::test]
    async fn the_demo_begins_with_runs_that_ended_well_and_others() {
        let store = MemoryBackend::new();
        fill(&store).await.unwrap();
        let runs = Backend::<PipelineRun>::list(&store, None, &ListQuery::default()).await.unwrap().items;
        assert_eq!(runs.len(), PAST);
        assert!(runs.iter().all(is_over));
        for phase in [PipelineRunPhase::Succeeded, PipelineRunPhase::Failed] {
            assert!(runs.iter().any(|run| *phase_of(run) == phase), "{phase:?}");
        }
    }

    #[tokio::test]
    async fn a_run_goes_on_until_it_is_over() {
        let store = MemoryBackend::new();
        fill(&store).await.unwrap();
        let habit = objects().unwrap().runs.remove(0);
        let mut run = push(&store, &habit, 0, "new").await.unwrap();
        assert!(!is_over(&run));
        let start = Timestamp::now();
        let after = |run: &PipelineRun, seconds| status_at(run, start, start + SignedDuration::from_secs(seconds));

        let tasks = after(&run, 0).tasks.unwrap();
        assert_eq!(tasks["checkout"].phase, TaskPhase::Running);
        assert_eq!(tasks["deploy"].phase, TaskPhase::Waiting);
        run.status = Some(after(&run, 3_600));
        assert!(is_over(&run));
        run.spec.cancelled = Some(true);
        assert_eq!(after(&run, 1).phase, Some(PipelineRunPhase::Cancelled));
    }
}
