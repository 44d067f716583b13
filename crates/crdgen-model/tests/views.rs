//! Views: types that read only some fields of a kind.

mod sample;

use std::collections::BTreeSet;

use crdgen_model::{
    Field, Lowered, NameReason, Names, Object, Selected, Setting, Settings, Shape, Type, TypeId, ViewMetadata,
    ViewSettings, lower,
};
use crdgen_schema::Crd;
use sample::crd;

const RUN: &str = "{
    spec: {type: object, required: [pipelineRef, tasks], x-kubernetes-preserve-unknown-fields: true, properties: {
        pipelineRef: {type: object, required: [name, revision], properties: {name: {type: string}, revision: {type: string}}},
        tasks: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name], items: {
            type: object, required: [name], properties: {name: {type: string}, policy: {type: string, enum: [A, B]}}}},
        env: {type: object, additionalProperties: {type: object, properties: {value: {type: string}, from: {type: string}}}},
        any: {type: object, x-kubernetes-preserve-unknown-fields: true}}},
    status: {type: object, properties: {
        conditions: {type: array, items: {type: object, properties: {type: {type: string}}}}}}}";

fn run() -> Crd {
    crd("ci.example.com", "PipelineRun", &[("v1beta1", RUN), ("v1", RUN)])
}

fn view(name: &str, fields: &[&str]) -> ViewSettings {
    let fields = fields.iter().map(|field| (*field).to_owned().into()).collect();
    ViewSettings { kind: "PipelineRun".to_owned().into(), name: name.to_owned().into(), fields, plural: None }
}

fn lowered(crds: &[Crd], locked: &Names, views: &[ViewSettings]) -> Lowered {
    let selected: Vec<Selected<'_>> =
        crds.iter().map(|crd| Selected { crd, versions: crd.versions.iter().collect() }).collect();
    lower(&selected, locked, &Settings { views: views.to_vec(), ..Settings::default() })
}

#[track_caller]
fn one(fields: &[&str]) -> Lowered {
    let lowered = lowered(&[run()], &Names::default(), &[view("PipelineRunSummary", fields)]);
    assert!(lowered.refusals.is_empty(), "{:?}", lowered.refusals);
    lowered
}

#[track_caller]
fn refused(crds: &[Crd], views: &[ViewSettings]) -> (Setting, String, Vec<String>) {
    let lowered = lowered(crds, &Names::default(), views);
    let [refusal] = lowered.refusals.as_slice() else { panic!("{:?}", lowered.refusals) };
    (refusal.setting, refusal.message.clone(), refusal.choices.clone())
}

#[track_caller]
fn object<'a>(lowered: &'a Lowered, name: &str) -> &'a Object {
    let def = lowered.model.types.iter().find(|def| def.name == name);
    let def = def.unwrap_or_else(|| panic!("{name} in {:?}", names(lowered)));
    let Shape::Object(object) = &def.shape else { panic!("{def:?}") };
    object
}

fn field<'a>(object: &'a Object, wire: &str) -> &'a Field {
    object.fields.iter().find(|field| field.wire == wire).expect(wire)
}

fn wires(object: &Object) -> Vec<&str> {
    object.fields.iter().map(|field| field.wire.as_str()).collect()
}

fn names(lowered: &Lowered) -> BTreeSet<&str> {
    lowered.model.types.iter().map(|def| def.name.as_str()).collect()
}

fn id(lowered: &Lowered, name: &str) -> TypeId {
    lowered.model.type_ids().find(|(_, def)| def.name == name).expect(name).0
}

#[test]
fn a_view_has_the_fields_that_are_asked_for_and_no_others() {
    let lowered = one(&["metadata.name", "metadata.labels", "spec.pipelineRef.name", "status.conditions"]);
    let [view] = lowered.model.views.as_slice() else { panic!("{:?}", lowered.model.views) };
    assert_eq!((view.name.as_str(), view.plural.as_str()), ("PipelineRunSummary", "pipelinerunsummaries"));
    assert_eq!(lowered.model.resource(view.of).version, "v1", "of the best version");
    let root = lowered.model.get(view.root);
    assert_eq!((root.view_of, root.root_of, root.used_by.as_slice()), (Some(view.of), None, [view.of].as_slice()));
    assert_eq!(wires(object(&lowered, "PipelineRunSummary")), ["spec", "status"]);

    let spec = object(&lowered, "PipelineRunSummarySpec");
    assert_eq!(wires(spec), ["pipelineRef"]);
    assert!(!spec.unknown_fields, "it reads nothing else");
    let reference = object(&lowered, "PipelineRunSummaryPipelineRef");
    assert_eq!(wires(reference), ["name"]);
    assert!(field(reference, "name").required && field(spec, "pipelineRef").required, "as in the schema");

    let ViewMetadata::Fields(metadata) = view.metadata else { panic!("{view:?}") };
    assert_eq!(lowered.model.get(metadata).name, "PipelineRunSummaryMetadata");
    let metadata = object(&lowered, "PipelineRunSummaryMetadata");
    assert_eq!(wires(metadata), ["name", "labels"]);
    assert!(
        matches!(&field(metadata, "labels").slot.ty, Type::Map(values) if values.ty == Type::String { format: None })
    );
}

#[test]
fn whole_subtrees_are_the_kinds_own_types() {
    let plain = lowered(&[run()], &Names::default(), &[]);
    let lowered = one(&["metadata", "spec.tasks", "status"]);
    let root = object(&lowered, "PipelineRunSummary");
    assert_eq!(field(root, "status").slot.ty, Type::Named(id(&lowered, "PipelineRunStatus")));
    let spec = object(&lowered, "PipelineRunSummarySpec");
    assert_eq!(field(spec, "tasks").slot.ty.named(), Some(id(&lowered, "PipelineRunTask")));
    assert_eq!(lowered.model.views[0].metadata, ViewMetadata::Whole);
    let added: Vec<&str> = names(&lowered).difference(&names(&plain)).copied().collect();
    assert_eq!(added, ["PipelineRunSummary", "PipelineRunSummarySpec"], "nothing else is new");
    assert!(names(&plain).is_subset(&names(&lowered)), "and nothing is gone");
    assert_eq!(lowered.untyped, plain.untyped);
}

#[test]
fn lists_and_maps_are_passed_with_levels_or_without() {
    for fields in [["spec.tasks[].policy", "spec.env{}.value"], ["spec.tasks.policy", "spec.env.value"]] {
        let lowered = one(&fields);
        assert_eq!(lowered.model.views[0].metadata, ViewMetadata::None);
        let spec = object(&lowered, "PipelineRunSummarySpec");
        let Type::List { items, list_type: None, keys } = &field(spec, "tasks").slot.ty else { panic!("{spec:?}") };
        assert!(keys.is_empty(), "the key is not read");
        assert_eq!(items.ty, Type::Named(id(&lowered, "PipelineRunSummaryTask")));
        assert_eq!(wires(object(&lowered, "PipelineRunSummaryTask")), ["policy"]);
        assert_eq!(wires(object(&lowered, "PipelineRunSummaryEnv")), ["value"]);
        let policy = &field(object(&lowered, "PipelineRunSummaryTask"), "policy").slot.ty;
        assert_eq!(*policy, Type::Named(id(&lowered, "PipelineRunPolicy")), "the kind's own enum");
    }
}

#[test]
fn a_field_within_one_that_is_read_whole_adds_nothing() {
    let lowered = one(&["spec.tasks", "spec.tasks.name", "metadata.name", "metadata"]);
    assert_eq!(lowered.model.views[0].metadata, ViewMetadata::Whole);
    assert_eq!(lowered.model.views[0].fields.len(), 4);
    assert!(!names(&lowered).contains("PipelineRunSummaryTask"));
}

#[test]
fn a_field_that_is_not_there_is_refused_with_those_that_are() {
    let field = |path: &str| {
        let (settings, message, choices) = refused(&[run()], &[view("Summary", &["metadata.name", path])]);
        assert_eq!(settings, Setting::ViewField);
        (message, choices)
    };
    let (message, choices) = field("spec.pipelinRef.name");
    assert_eq!(message, "`spec` has no property `pipelinRef`");
    assert!(choices.contains(&"spec.pipelineRef.name".to_owned()), "{choices:?}");
    assert_eq!(field("specs").0, "there is no property `specs`");
    assert_eq!(field("spec.pipelineRef.name.x").0, "`spec.pipelineRef.name` is a string, so it has no property `x`");
    assert!(field("spec.any.x").0.contains("without declared properties"));
    assert!(field("metadata.nam").1.contains(&"metadata.name".to_owned()));
    assert_eq!(field("spec.pipelineRef[].name").0, "`spec` has no property `pipelineRef[]`", "it is no list");
}

#[test]
fn what_a_view_is_of_and_called_must_be_good() {
    let with = |change: fn(&mut ViewSettings)| {
        let mut settings = view("Summary", &["metadata.name"]);
        change(&mut settings);
        refused(&[run()], &[settings])
    };
    let (settings, message, choices) = with(|settings| settings.kind = "PipelinRun".to_owned().into());
    assert_eq!((settings, choices), (Setting::ViewKind, vec!["PipelineRun".to_owned()]), "{message}");
    assert_eq!(with(|settings| settings.fields.clear()).0, Setting::View);
    assert_eq!(with(|settings| settings.name = "summary".to_owned().into()).0, Setting::View);
    assert!(
        with(|settings| settings.name = "PipelineRunSpec".to_owned().into())
            .1
            .ends_with("by the type at `PipelineRun.spec`")
    );
    let kind = ViewSettings { plural: Some("runs".to_owned().into()), ..view("PipelineRun", &["metadata"]) };
    assert!(refused(&[run()], &[kind]).1.contains("taken by the type at `PipelineRun`"));
    assert!(with(|settings| settings.name = "PipelineRunInput".to_owned().into()).1.contains("reserved for a type"));
    assert_eq!(with(|settings| settings.plural = Some("pipelineruns".to_owned().into())).0, Setting::ViewPlural);
    assert_eq!(with(|settings| settings.plural = Some("No".to_owned().into())).0, Setting::ViewPlural);
    let twice = [view("Summary", &["metadata"]), view("Summary", &["metadata"])];
    let lowered = lowered(&[run()], &Names::default(), &twice);
    let refused: Vec<Setting> = lowered.refusals.iter().map(|refusal| refusal.setting).collect();
    assert_eq!(refused, [Setting::ViewPlural, Setting::View]);
    let groups = [run(), crd("other.example.com", "PipelineRun", &[("v1", RUN)])];
    let (settings, message, choices) = self::refused(&groups, &[view("Summary", &["metadata"])]);
    assert_eq!((settings, message.as_str()), (Setting::ViewKind, "several groups have the kind `PipelineRun`"));
    assert!(choices.contains(&"PipelineRun.other.example.com".to_owned()), "{choices:?}");
}

#[test]
fn names_of_views_are_locked() {
    let views = [view("PipelineRunSummary", &["metadata.name", "spec.pipelineRef.name"])];
    let first = lowered(&[run()], &Names::default(), &views);
    assert_eq!(first.names.roots["ci.example.com/v1/PipelineRunSummary"], "PipelineRunSummary");
    assert_eq!(first.names.types["PipelineRunSummary"]["metadata"], "PipelineRunSummaryMetadata");
    assert_eq!(lowered(&[run()], &first.names, &views).names, first.names);
    // A kind and a property are added whose names would be those of the view's types.
    let summary = RUN.replace("status: {", "summary: {type: object, properties: {a: {type: string}}}, status: {");
    let crds = [
        crd("ci.example.com", "PipelineRun", &[("v1", &summary)]),
        crd("ci.example.com", "PipelineRunSummaryMetadata", &[("v1", "{}")]),
    ];
    let second = lowered(&crds, &first.names, &views);
    assert!(second.refusals.is_empty(), "{:?}", second.refusals);
    assert_eq!(second.names.types["PipelineRunSummary"], first.names.types["PipelineRunSummary"]);
    assert_ne!(second.names.types["PipelineRun"]["summary"], "PipelineRunSummary");
}

#[test]
fn paths_of_views_begin_with_their_names() {
    let lowered = one(&["metadata.name", "spec.pipelineRef.name"]);
    let of_view = |entry: &&crdgen_model::PathEntry| entry.path.starts_with("PipelineRunSummary");
    let paths: Vec<(&str, Option<NameReason>)> =
        lowered.paths.iter().filter(of_view).map(|entry| (entry.path.as_str(), entry.reason)).collect();
    let expected = [
        ("PipelineRunSummary", Some(NameReason::View)),
        ("PipelineRunSummary.spec", Some(NameReason::Suffix)),
        ("PipelineRunSummary.spec.pipelineRef", Some(NameReason::Suffix)),
        ("PipelineRunSummary.spec.pipelineRef.name", None),
        ("PipelineRunSummary.metadata", Some(NameReason::Suffix)),
        ("PipelineRunSummary.metadata.name", None),
    ];
    assert_eq!(paths, expected);
}
