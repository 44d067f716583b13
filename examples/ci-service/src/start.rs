//! Start of a run: the request is checked against the pipeline and completed from it.

use std::collections::BTreeSet;

use crdgen_runtime::Json;

use crate::generated::ci_example_com::v1::pipeline::{Pipeline, PipelineParam, PipelineParamType, PipelineWorkspace};
use crate::generated::ci_example_com::v1::pipeline_run::{
    PipelineRun, PipelineRunParam, PipelineRunPhase, PipelineRunSpec, PipelineRunWorkspace,
};

/// Reason why a run does not start.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The request does not fit the pipeline.
    Invalid(Vec<Fault>),
    /// Another run of the pipeline is in progress on the branch.
    Busy {
        /// Name of the other run.
        run: String,
        /// Branch of both runs.
        branch: String,
    },
}

/// A field that does not fit the pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Path of the field, for example `spec.params[0].value`.
    pub field: String,
    /// Sentence that says what is wrong with the field.
    pub message: String,
}

/// Completes a run from its pipeline. Parameters get their defaults, and tasks are copied, so that a later change of
/// the pipeline does not change the run. `others` are runs in the namespace, of any pipeline.
///
/// # Errors
///
/// Returns [`Refusal::Invalid`] if the run does not fit the pipeline, and [`Refusal::Busy`] if one of `others` is in
/// progress for the same pipeline and branch.
pub fn start(pipeline: &Pipeline, run: PipelineRun, others: &[PipelineRun]) -> Result<PipelineRun, Refusal> {
    let mut faults = Vec::new();
    let params = params(pipeline.spec.params.as_deref().unwrap_or_default(), &run.spec, &mut faults);
    workspaces(pipeline.spec.workspaces.as_deref().unwrap_or_default(), &run.spec, &mut faults);
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    if let Some(busy) = busy(&run, others) {
        return Err(busy);
    }
    let spec = PipelineRunSpec { params: Some(params), tasks: Some(pipeline.spec.tasks.clone()), ..run.spec };
    Ok(PipelineRun { spec, status: None, ..run })
}

/// Returns [`Refusal::Busy`] if one of `runs` is in progress for the pipeline and branch of `run`, and is not `run`.
pub fn busy(run: &PipelineRun, runs: &[PipelineRun]) -> Option<Refusal> {
    let is_other = |other: &&PipelineRun| other.metadata.uid.is_none() || other.metadata.uid != run.metadata.uid;
    let mut others = runs.iter().filter(is_other);
    let other = others.find(|other| is_under_way(other) && is_same_work(&other.spec, &run.spec))?;
    let name = other.metadata.name.clone().unwrap_or_default();
    Some(Refusal::Busy { run: name, branch: run.spec.source.branch.clone() })
}

/// Returns whether a run is in progress. A run without a phase has not been picked up yet, and a phase that this
/// service does not know is not final.
fn is_under_way(run: &PipelineRun) -> bool {
    let phase = run.status.as_ref().and_then(|status| status.phase.as_ref());
    !matches!(phase, Some(PipelineRunPhase::Succeeded | PipelineRunPhase::Failed | PipelineRunPhase::Cancelled))
}

fn is_same_work(this: &PipelineRunSpec, that: &PipelineRunSpec) -> bool {
    this.pipeline == that.pipeline && this.source.branch == that.source.branch
}

/// Returns every declared parameter with its value, in the pipeline's order.
fn params(declared: &[PipelineParam], spec: &PipelineRunSpec, faults: &mut Vec<Fault>) -> Vec<PipelineRunParam> {
    let given = spec.params.as_deref().unwrap_or_default();
    let names = given.iter().map(|param| param.name.as_str());
    let known = declared.iter().map(|param| param.name.as_str()).collect();
    check_names("spec.params", names, &known, faults);
    for (index, param) in given.iter().enumerate() {
        let Some(declared) = declared.iter().find(|declared| declared.name == param.name) else { continue };
        if let Err(message) = check_value(declared, &param.value) {
            faults.push(Fault { field: format!("spec.params[{index}].value"), message });
        }
    }
    let mut complete = Vec::new();
    for PipelineParam { name, default, .. } in declared {
        let value = given.iter().find(|param| param.name == *name).map(|param| &param.value);
        match value.or(default.as_ref()) {
            Some(value) => complete.push(PipelineRunParam { name: name.clone(), value: value.clone() }),
            None => faults.push(Fault {
                field: "spec.params".to_owned(),
                message: format!("the parameter {name:?} is required, because it has no default"),
            }),
        }
    }
    complete
}

fn check_value(declared: &PipelineParam, value: &Json) -> Result<(), String> {
    let type_ = declared.type_.as_ref().unwrap_or(&PipelineParamType::String);
    let fits = match type_ {
        PipelineParamType::String => value.is_string(),
        PipelineParamType::Number => value.is_number(),
        PipelineParamType::Boolean => value.is_boolean(),
        PipelineParamType::Array => value.is_array(),
        // The pipeline is newer than this service; the operator checks the value.
        PipelineParamType::Unknown(_) => true,
    };
    if !fits {
        return Err(format!("must be of type {}", type_.as_str()));
    }
    match (&declared.choices, value.as_str()) {
        (Some(choices), Some(text)) if !choices.iter().any(|choice| choice == text) => {
            Err(format!("must be one of {}", choices.join(", ")))
        }
        _ => Ok(()),
    }
}

fn workspaces(declared: &[PipelineWorkspace], spec: &PipelineRunSpec, faults: &mut Vec<Fault>) {
    let given = spec.workspaces.as_deref().unwrap_or_default();
    let names: Vec<_> = given.iter().map(|workspace| workspace.name.as_str()).collect();
    let known = declared.iter().map(|workspace| workspace.name.as_str()).collect();
    check_names("spec.workspaces", names.iter().copied(), &known, faults);
    for (index, PipelineRunWorkspace { empty_dir, volume_claim, secret, .. }) in given.iter().enumerate() {
        let sources = [empty_dir.is_some(), volume_claim.is_some(), secret.is_some()];
        if sources.iter().filter(|given| **given).count() != 1 {
            let message = "must have one of emptyDir, volumeClaim and secret".to_owned();
            faults.push(Fault { field: format!("spec.workspaces[{index}]"), message });
        }
    }
    for PipelineWorkspace { name, optional, .. } in declared {
        if !optional.unwrap_or(false) && !names.contains(&name.as_str()) {
            let message = format!("the workspace {name:?} is required");
            faults.push(Fault { field: "spec.workspaces".to_owned(), message });
        }
    }
}

/// Checks that each name is declared and given once.
fn check_names<'a>(field: &str, names: impl Iterator<Item = &'a str>, known: &BTreeSet<&str>, faults: &mut Vec<Fault>) {
    let mut seen = BTreeSet::new();
    for (index, name) in names.enumerate() {
        let message = match (known.contains(name), seen.insert(name)) {
            (false, _) => format!("the pipeline declares no {name:?}"),
            (true, false) => format!("{name:?} is given twice"),
            (true, true) => continue,
        };
        faults.push(Fault { field: format!("{field}[{index}].name"), message });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::generated::ci_example_com::v1::pipeline_run::PipelineRunStatus;

    fn pipeline() -> Pipeline {
        serde_json::from_value(json!({
            "apiVersion": "ci.example.com/v1",
            "kind": "Pipeline",
            "metadata": {"name": "build"},
            "spec": {
                "project": "web",
                "params": [
                    {"name": "target", "choices": ["staging", "production"]},
                    {"name": "jobs", "type": "number", "default": 2}
                ],
                "workspaces": [{"name": "source"}, {"name": "cache", "optional": true}],
                "tasks": [{"name": "test", "image": "rust:1", "script": "cargo test"}]
            }
        }))
        .expect("a pipeline")
    }

    fn run(name: &str, branch: &str, params: Json) -> PipelineRun {
        serde_json::from_value(json!({
            "apiVersion": "ci.example.com/v1",
            "kind": "PipelineRun",
            "metadata": {"name": name},
            "spec": {
                "pipeline": "build",
                "source": {"branch": branch},
                "params": params,
                "workspaces": [{"name": "source", "emptyDir": {}}]
            }
        }))
        .expect("a run")
    }

    fn staging() -> Json {
        json!([{"name": "target", "value": "staging"}])
    }

    fn faults(params: Json) -> Vec<(String, String)> {
        match start(&pipeline(), run("r", "main", params), &[]) {
            Err(Refusal::Invalid(faults)) => faults.into_iter().map(|fault| (fault.field, fault.message)).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_run_gets_the_tasks_and_the_defaults_of_its_pipeline() {
        let started = start(&pipeline(), run("r", "main", staging()), &[]).unwrap();
        assert_eq!(started.spec.tasks.as_ref(), Some(&pipeline().spec.tasks));
        let params = started.spec.params.unwrap();
        let params: Vec<_> = params.iter().map(|param| (param.name.as_str(), &param.value)).collect();
        assert_eq!(params, [("target", &json!("staging")), ("jobs", &json!(2))]);
    }

    #[test]
    fn parameters_must_be_declared_given_once_and_of_their_type() {
        assert_eq!(
            faults(json!([])),
            [("spec.params".into(), "the parameter \"target\" is required, because it has no default".into())]
        );
        assert_eq!(
            faults(json!([{"name": "target", "value": "moon"}, {"name": "jobs", "value": "2"}])),
            [
                ("spec.params[0].value".into(), "must be one of staging, production".into()),
                ("spec.params[1].value".into(), "must be of type number".into()),
            ]
        );
        assert_eq!(
            faults(
                json!([{"name": "target", "value": "staging"}, {"name": "target", "value": "staging"}, {"name": "x", "value": 1}])
            ),
            [
                ("spec.params[1].name".into(), "\"target\" is given twice".into()),
                ("spec.params[2].name".into(), "the pipeline declares no \"x\"".into()),
            ]
        );
    }

    #[test]
    fn workspaces_must_be_there_with_one_source() {
        let mut without = run("r", "main", staging());
        without.spec.workspaces = None;
        let Err(Refusal::Invalid(faults)) = start(&pipeline(), without, &[]) else { panic!("started") };
        assert_eq!(faults[0].message, "the workspace \"source\" is required");

        let mut empty = run("r", "main", staging());
        empty.spec.workspaces.as_mut().unwrap()[0].empty_dir = None;
        let Err(Refusal::Invalid(faults)) = start(&pipeline(), empty, &[]) else { panic!("started") };
        assert_eq!(faults[0].field, "spec.workspaces[0]");
    }

    #[test]
    fn one_branch_has_one_run_under_way() {
        let in_phase = |phase: Option<PipelineRunPhase>| {
            let mut other = run("first", "main", staging());
            other.status = phase.map(|phase| PipelineRunStatus { phase: Some(phase), ..PipelineRunStatus::default() });
            other
        };
        let second = |branch: &str, other| start(&pipeline(), run("second", branch, staging()), &[other]);
        let busy = Err(Refusal::Busy { run: "first".into(), branch: "main".into() });
        assert_eq!(second("main", in_phase(None)), busy);
        assert_eq!(second("main", in_phase(Some(PipelineRunPhase::Running))), busy);
        assert_eq!(second("main", in_phase(Some(PipelineRunPhase::Unknown("Paused".into())))), busy);
        assert!(second("main", in_phase(Some(PipelineRunPhase::Failed))).is_ok());
        assert!(second("other", in_phase(None)).is_ok());
    }

    #[test]
    fn a_caller_cannot_bring_a_status_or_tasks_of_their_own() {
        let mut forged = run("r", "main", staging());
        forged.status =
            Some(PipelineRunStatus { phase: Some(PipelineRunPhase::Succeeded), ..PipelineRunStatus::default() });
        forged.spec.tasks = Some(Vec::new());
        let started = start(&pipeline(), forged, &[]).unwrap();
        assert_eq!(started.status, None);
        assert_eq!(started.spec.tasks.unwrap().len(), 1);
    }
}
