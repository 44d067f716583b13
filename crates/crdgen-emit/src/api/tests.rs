use crdgen_model::{ApiOperation, RESERVED, Resource, Scale, Scope, Type};
use serde_json::json;

use super::fixture::{Builder, STRING, field, filled_field, list, resource};
use super::*;

fn names(api: &Api<'_>) -> Vec<String> {
    api.definitions().into_iter().map(|definition| definition.name).collect()
}

fn ids<'a>(api: &'a Api<'_>) -> Vec<&'a str> {
    api.operations.iter().map(|operation| operation.id.as_str()).collect()
}

#[test]
fn only_types_with_a_default_somewhere_below_have_a_write_form() {
    let mut builder = Builder::default();
    let filled = builder.object("Filled", vec![filled_field("size", STRING, json!("small"))]);
    let plain = builder.object("Plain", vec![field("size", STRING)]);
    let above =
        builder.object("Above", vec![field("many", list(Type::Named(filled))), field("plain", Type::Named(plain))]);
    builder.kind(resource("Run", "runs"), vec![field("spec", Type::Named(above))]);
    let api = Api::new(&builder.model);
    let names = names(&api);
    let has = |name: &str| names.iter().any(|other| other == name);
    assert!(has("RunInput") && has("AboveInput") && has("FilledInput"));
    assert!(has("Plain") && !has("PlainInput"));
}

#[test]
fn a_default_of_null_fills_nothing() {
    let mut builder = Builder::default();
    let spec = builder.object("RunSpec", vec![filled_field("size", STRING, json!(null))]);
    builder.kind(resource("Run", "runs"), vec![field("spec", Type::Named(spec))]);
    let api = Api::new(&builder.model);
    assert!(!names(&api).contains(&"RunSpecInput".to_owned()));
    assert!(!Form::Read.requires(api.fields(api.get(spec), Form::Read)[0]));
}

#[test]
fn the_write_form_has_no_status_where_status_is_a_subresource() {
    let with_status = |status: bool| {
        let mut builder = Builder::default();
        let below = builder.object("RunStatus", vec![filled_field("phase", STRING, json!("New"))]);
        builder.kind(Resource { status, ..resource("Run", "runs") }, vec![field("status", Type::Named(below))]);
        names(&Api::new(&builder.model))
    };
    assert!(with_status(false).contains(&"RunStatusInput".to_owned()));
    assert!(!with_status(true).contains(&"RunStatusInput".to_owned()));
    assert!(with_status(true).contains(&"RunStatus".to_owned()));
}

#[test]
fn kubernetes_types_make_way_for_those_of_the_model() {
    let mut builder = Builder::default();
    builder.kind(resource("ObjectMeta", "objectmetas"), Vec::new());
    builder.kind(resource("problem", "problems"), vec![field("size", Type::IntOrString)]);
    let api = Api::new(&builder.model);
    let names = names(&api);
    for name in ["ObjectMeta", "KubeObjectMeta", "ObjectMetaInput", "KubeObjectMetaInput", "Problem", "KubeProblem"] {
        assert!(names.iter().any(|other| other == name), "{name} in {names:?}");
    }
    let folded: BTreeSet<_> = names.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(folded.len(), names.len());
}

#[test]
fn operations_are_those_that_the_resource_offers() {
    let mut builder = Builder::default();
    builder.kind(resource("Run", "runs"), Vec::new());
    assert_eq!(
        ids(&Api::new(&builder.model)),
        [
            "listRuns",
            "createRun",
            "getRun",
            "replaceRun",
            "patchRun",
            "deleteRun",
            "listRunsForAllNamespaces",
            "watchRuns",
            "watchRunsForAllNamespaces"
        ]
    );
    let scale = Scale {
        spec_replicas_path: ".spec.replicas".to_owned(),
        status_replicas_path: ".status.replicas".to_owned(),
        label_selector_path: None,
    };
    let cluster = Resource { scope: Scope::Cluster, status: true, scale: Some(scale), ..resource("Runner", "runners") };
    let mut builder = Builder::default();
    builder.kind(cluster, Vec::new());
    let api = Api::new(&builder.model);
    let beside: Vec<_> = ids(&api).split_off(6);
    assert_eq!(
        beside,
        [
            "watchRunners",
            "getRunnerStatus",
            "replaceRunnerStatus",
            "patchRunnerStatus",
            "getRunnerScale",
            "replaceRunnerScale",
            "patchRunnerScale"
        ]
    );
    let scale = api.operations.iter().find(|operation| operation.id == "getRunnerScale").expect("is offered");
    let path = ["apis", "ci.example.com", "v1", "runners"].map(Segment::Text);
    assert_eq!(api.path(scale), [&path[..], &[Segment::Name, Segment::Text("scale")]].concat());
}

#[test]
fn what_a_project_does_not_offer_has_no_operation() {
    let mut builder = Builder::default();
    let operations = [ApiOperation::Get, ApiOperation::Patch, ApiOperation::Status].into();
    let run = builder.kind(Resource { status: true, operations, ..resource("Run", "runs") }, Vec::new());
    builder.view(run, "RunSummary", "runsummaries", vec![field("phase", STRING)]);
    let api = Api::new(&builder.model);
    assert_eq!(ids(&api), ["getRun", "patchRun", "getRunStatus", "patchRunStatus", "getRunSummary"]);
    let names: Vec<_> = api.definitions().into_iter().map(|definition| definition.name).collect();
    assert!(!names.iter().any(|name| name.starts_with("RunList") || name.contains("Watch")), "{names:?}");
}

#[test]
fn many_are_deleted_by_one_request_only_where_a_project_says_so() {
    let mut builder = Builder::default();
    builder.kind(resource("Run", "runs"), Vec::new());
    let operations = [ApiOperation::List, ApiOperation::DeleteCollection].into();
    builder.kind(Resource { operations, ..resource("Log", "logs") }, Vec::new());
    let api = Api::new(&builder.model);
    let deletions: Vec<_> =
        api.operations.iter().filter(|operation| operation.verb == Verb::DeleteCollection).collect();
    let [logs] = deletions.as_slice() else { panic!("{deletions:?}") };
    assert_eq!(logs.id, "deleteLogs");
    let listed = api.operations.iter().find(|operation| operation.id == "listLogs").expect("is offered");
    assert_eq!((api.path(logs), api.answer(logs)), (api.path(listed), api.answer(listed)));
}

#[test]
fn operation_names_are_unique_over_all_kinds() {
    let mut builder = Builder::default();
    builder.kind(Resource { status: true, ..resource("Run", "runs") }, Vec::new());
    builder.kind(resource("RunStatus", "runstatuses"), Vec::new());
    builder.kind(Resource { plural_name: "Runs".to_owned(), ..resource("Runs", "runs") }, Vec::new());
    let api = Api::new(&builder.model);
    let ids = ids(&api);
    let folded: BTreeSet<_> = ids.iter().map(|id| id.to_lowercase()).collect();
    assert_eq!(folded.len(), ids.len(), "{ids:?}");
    // A kind's own operations keep their names.
    assert!(ids.contains(&"getRunStatus") && ids.contains(&"getRunStatusSubresource"));
    assert!(ids.contains(&"listRuns") && ids.contains(&"listRunsItems"));
}

#[test]
fn kubernetes_types_have_names_that_no_crd_takes() {
    let model = Model::default();
    let builtin = Api::new(&model).builtin;
    let mut names: Vec<&str> = builtin.types.iter().map(|def| def.name.as_str()).collect();
    names.extend([builtin.int_or_string.as_str(), &builtin.int_or_string_or_null]);
    names.sort_unstable();
    assert_eq!(names, RESERVED);
}

#[test]
fn a_view_is_read_in_every_way_and_never_written() {
    let mut builder = Builder::default();
    let run = builder.kind(Resource { status: true, ..resource("Run", "runs") }, Vec::new());
    let before = ids(&Api::new(&builder.model)).into_iter().map(str::to_owned).collect::<Vec<_>>();
    builder.view(run, "RunSummary", "runsummaries", vec![field("phase", STRING)]);
    let api = Api::new(&builder.model);
    let of_views: Vec<_> = api.operations.iter().filter(|operation| operation.view.is_some()).collect();
    let names: Vec<_> = of_views.iter().map(|operation| operation.id.as_str()).collect();
    let expected = [
        "listRunSummarys",
        "listRunSummarysForAllNamespaces",
        "watchRunSummarys",
        "watchRunSummarysForAllNamespaces",
        "getRunSummary",
    ];
    assert_eq!(names, expected);
    assert_eq!(api.path(of_views[4])[5..], [Segment::Text("runsummaries"), Segment::Name]);
    assert_eq!(api.path(of_views[3])[3..], [Segment::Text("watch"), Segment::Text("runsummaries")]);
    let names: Vec<_> = api.definitions().into_iter().map(|definition| definition.name).collect();
    assert!(["RunSummary", "RunSummaryList", "RunSummaryMetadata"].iter().all(|name| names.iter().any(|n| n == name)));
    let root = api.get(api.model.views[0].root);
    let wires: Vec<_> = api.fields(root, Form::Read).iter().map(|field| field.wire.as_str()).collect();
    assert_eq!(wires, ["apiVersion", "kind", "metadata", "phase"]);
    assert!(before.iter().all(|id| ids(&api).contains(&id.as_str())), "a view renames no operation");
}
