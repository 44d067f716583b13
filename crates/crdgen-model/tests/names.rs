//! Names that a model gives, in a first run and with the names of an earlier run.

mod sample;

use std::collections::BTreeSet;

use crdgen_model::{Lowered, Names, Selected, Settings, Shape, Type, lower};
use crdgen_schema::Crd;
use sample::crd;

fn model(crds: &[Crd], locked: &Names) -> Lowered {
    let selected: Vec<Selected<'_>> =
        crds.iter().map(|crd| Selected { crd, versions: crd.versions.iter().collect() }).collect();
    lower(&selected, locked, &Settings::default())
}

fn names(crds: &[Crd]) -> BTreeSet<String> {
    model(crds, &Names::default()).model.types.into_iter().map(|def| def.name).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

const LEAF: &str = "{type: object, properties: {a: {type: string}}}";

#[test]
fn kind_and_shortest_unambiguous_suffix() {
    let run = crd(
        "ci.example.com",
        "Run",
        &[(
            "v1",
            "{spec: {type: object, properties: {
                tasks: {type: array, items: {type: object, properties: {
                    retry: {type: object, properties: {limit: {type: integer}}},
                    policy: {type: string, enum: [A, B]}}}},
                retry: {type: object, properties: {count: {type: integer}}}}},
              status: {type: object, properties: {phase: {type: string, enum: [Done]}}}}",
        )],
    );
    assert_eq!(
        names(&[run]),
        set(&["Run", "RunPhase", "RunPolicy", "RunRetry", "RunSpec", "RunStatus", "RunTask", "RunTaskRetry"])
    );
}

#[test]
fn equal_shapes_with_one_segment_are_one_type() {
    let spec = format!(
        "{{spec: {{type: object, properties: {{ref: {LEAF}, other: {{type: object, properties: {{ref: {LEAF}}}}}, name: {LEAF}}}}}}}"
    );
    let lowered = model(&[crd("a.b", "Foo", &[("v1", &spec)])], &Names::default());
    let named: Vec<&str> = lowered.model.types.iter().map(|def| def.name.as_str()).collect();
    assert_eq!(named, ["Foo", "FooOther", "FooRef", "FooSpec", "FooSpecName"]);
}

#[test]
fn kinds_share_a_type_under_its_own_name() {
    let spec = |extra: &str| {
        format!("{{spec: {{type: object, properties: {{secretRef: {LEAF}, {extra}: {{type: string}}}}}}}}")
    };
    let found = names(&[crd("a.b", "Foo", &[("v1", &spec("x"))]), crd("a.b", "Bar", &[("v1", &spec("x"))])]);
    assert_eq!(found, set(&["Foo", "FooSpec", "Bar", "BarSpec", "SecretRef"]), "specs of unrelated kinds stay apart");
    let found =
        names(&[crd("a.b", "Issuer", &[("v1", &spec("x"))]), crd("a.b", "ClusterIssuer", &[("v1", &spec("x"))])]);
    assert_eq!(found, set(&["Issuer", "ClusterIssuer", "IssuerSpec", "SecretRef"]), "specs of related kinds do not");
}

#[test]
fn the_best_version_goes_by_the_plain_kind() {
    let old = format!("{{spec: {{type: object, properties: {{ref: {LEAF}, gone: {{type: string}}}}}}}}");
    let new = format!("{{spec: {{type: object, properties: {{ref: {LEAF}}}}}}}");
    let found = names(&[crd("a.b", "Foo", &[("v1beta1", &old), ("v1", &new)])]);
    assert_eq!(found, set(&["Foo", "FooSpec", "FooRef", "V1beta1Foo", "V1beta1FooSpec"]));
}

#[test]
fn two_groups_with_one_kind_are_told_apart_by_group() {
    let spec = format!("{{spec: {LEAF}}}");
    let found =
        names(&[crd("one.example.com", "Foo", &[("v1", &spec)]), crd("two.example.com", "Foo", &[("v1", &spec)])]);
    assert_eq!(found, set(&["OneFoo", "OneFooSpec", "TwoFoo", "TwoFooSpec"]));
}

#[test]
fn paths_that_read_the_same_do_not_collide() {
    let spec = "{spec: {type: object, properties: {
        fooBar: {type: object, properties: {x: {type: string}}},
        foo_bar: {type: object, properties: {w: {type: string}}},
        foo: {type: object, properties: {bar: {type: object, properties: {z: {type: string}}}}}}}}";
    let lowered = model(&[crd("a.b", "Foo", &[("v1", spec)])], &Names::default());
    let unique: BTreeSet<String> = lowered.model.types.iter().map(|def| def.name.to_lowercase()).collect();
    assert_eq!(unique.len(), lowered.model.types.len());
    assert_eq!(unique.len(), 6);
}

#[test]
fn names_leave_room_for_what_is_derived_from_them() {
    let spec = format!(
        "{{spec: {{type: object, properties: {{x: {{type: object, properties: {{input: {LEAF}}}}}, xInput: {{type: object, properties: {{b: {{type: string}}}}}}}}}}}}"
    );
    let found: BTreeSet<String> = names(&[crd("a.b", "Foo", &[("v1", &spec)])]);
    for name in &found {
        assert!(!found.contains(&format!("{name}Input")), "{name}Input is reserved: {found:?}");
    }
}

#[test]
fn order_of_input_changes_nothing() {
    let spec = format!("{{spec: {{type: object, properties: {{ref: {LEAF}, x: {{type: string}}}}}}}}");
    let (foo, bar, baz) =
        (crd("a.b", "Foo", &[("v1", &spec)]), crd("a.c", "Bar", &[("v1", &spec)]), crd("a.b", "Baz", &[("v1", &spec)]));
    let one = model(&[foo.clone(), bar.clone(), baz.clone()], &Names::default());
    let two = model(&[baz, foo, bar], &Names::default());
    assert_eq!(one.names, two.names);
    assert_eq!(format!("{:?}", one.model), format!("{:?}", two.model));
}

#[test]
fn a_locked_run_renames_nothing() {
    let before =
        format!("{{spec: {{type: object, properties: {{template: {{type: object, properties: {{ref: {LEAF}}}}}}}}}}}");
    // Adds a second `ref` of another shape at the same depth, a kind that sorts first, and a better version.
    let after = format!(
        "{{spec: {{type: object, properties: {{template: {{type: object, properties: {{ref: {LEAF}}}}}, aside: {{type: object, properties: {{ref: {{type: object, properties: {{q: {{type: string}}}}}}}}}}}}}}}}"
    );
    let first = model(&[crd("a.b", "Foo", &[("v1beta1", &before)])], &Names::default());
    let second = model(
        &[crd("a.b", "Foo", &[("v1beta1", &after), ("v1", &after)]), crd("a.a", "Foo", &[("v1", &before)])],
        &first.names,
    );
    for (key, name) in &first.names.roots {
        assert_eq!(second.names.roots.get(key), Some(name));
    }
    for (name, edges) in &first.names.types {
        for (edge, child) in edges {
            assert_eq!(second.names.types[name].get(edge), Some(child), "{name}.{edge}");
        }
    }
    let third = model(&[crd("a.b", "Foo", &[("v1beta1", &before)])], &second.names);
    assert_eq!(third.names, first.names, "and what is gone takes its names along");
}

#[test]
fn a_type_that_comes_to_look_like_another_keeps_its_name() {
    let apart = format!(
        "{{spec: {{type: object, properties: {{a: {{type: object, properties: {{ref: {LEAF}}}}}, b: {{type: object, properties: {{ref: {{type: object, properties: {{z: {{type: string}}}}}}}}}}}}}}}}"
    );
    let same = format!(
        "{{spec: {{type: object, properties: {{a: {{type: object, properties: {{ref: {LEAF}}}}}, b: {{type: object, properties: {{ref: {LEAF}}}}}}}}}}}"
    );
    let first = model(&[crd("a.b", "Foo", &[("v1", &apart)])], &Names::default());
    let second = model(&[crd("a.b", "Foo", &[("v1", &same)])], &first.names);
    assert_eq!(second.names, first.names);
}

#[test]
fn int_or_string_maps_and_unknown_fields_have_their_types() {
    let spec = "{spec: {type: object, x-kubernetes-preserve-unknown-fields: true, properties: {
        port: {x-kubernetes-int-or-string: true}, limits: {type: object, additionalProperties: {x-kubernetes-int-or-string: true}},
        any: {x-kubernetes-preserve-unknown-fields: true}, free: {type: object, x-kubernetes-preserve-unknown-fields: true}}}}";
    let lowered = model(&[crd("a.b", "Foo", &[("v1", spec)])], &Names::default());
    let spec = lowered.model.types.iter().find(|def| def.name == "FooSpec").expect("a spec");
    let Shape::Object(object) = &spec.shape else { panic!("{spec:?}") };
    assert!(object.unknown_fields);
    let ty = |wire: &str| &object.fields.iter().find(|field| field.wire == wire).expect(wire).slot.ty;
    assert_eq!(ty("port"), &Type::IntOrString);
    assert!(matches!(ty("limits"), Type::Map(values) if values.ty == Type::IntOrString));
    assert_eq!((ty("any"), ty("free")), (&Type::Any, &Type::AnyObject));
    assert_eq!(
        lowered.untyped.iter().map(|place| place.path.as_str()).collect::<Vec<_>>(),
        ["Foo.spec.any", "Foo.spec.free"]
    );
}

#[test]
fn kubernetes_own_types_leave_no_name_to_a_crd() {
    let owner = "{spec: {type: object, properties: {ownerReference: {type: object, properties: {a: {type: string}}}}}}";
    let crds = [
        crd("a.b", "Status", &[("v1", "{}")]),
        crd("a.b", "Foo", &[("v1", owner)]),
        crd("c.d", "Bar", &[("v1", owner)]),
    ];
    let given = names(&crds);
    assert_eq!(given, set(&["AStatus", "Bar", "BarOwnerReference", "BarSpec", "Foo", "FooSpec"]));
}

#[test]
fn kubernetes_own_types_that_differ_go_by_their_properties() {
    let selector = |rules: &str| {
        format!(
            "{{type: object, x-kubernetes-map-type: atomic, x-kubernetes-validations: [{rules}], properties: {{
                matchExpressions: {{type: array, items: {{type: object, required: [key, operator], properties: {{
                    key: {{type: string}}, operator: {{type: string}}, values: {{type: array, items: {{type: string}}}}}}}}}},
                matchLabels: {{type: object, additionalProperties: {{type: string}}}}}}}}"
        )
    };
    let spec = format!(
        "{{spec: {{type: object, properties: {{nodeSelector: {}, from: {{type: array, items: {{type: object, properties: {{
            namespaceSelector: {}, podSelector: {}}}}}}}}}}}}}",
        selector(""),
        selector("{rule: has(self.matchLabels)}"),
        selector("{rule: has(self.matchExpressions)}"),
    );
    assert_eq!(
        names(&[crd("a.b", "Gate", &[("v1", &spec)])]),
        set(&[
            "Gate",
            "GateFrom",
            "GateNamespaceSelector",
            "GatePodSelector",
            "GateSpec",
            "LabelSelector",
            "LabelSelectorRequirement",
        ])
    );
}

#[test]
fn of_types_that_could_have_the_same_names_the_most_used_has_the_shortest() {
    let given = "{type: object, properties: {name: {type: string}, value: {type: string}}}";
    let declared = "{type: object, properties: {name: {type: string}, default: {type: string}}}";
    let spec = |params: &str, more: &str| {
        format!("{{spec: {{type: object, properties: {{params: {{type: array, items: {params}}}{more}}}}}}}")
    };
    let step = |name: &str| {
        let params = format!("{{params: {{type: array, items: {given}}}}}");
        format!(", {name}: {{type: array, items: {{type: object, properties: {params}}}}}")
    };
    let crds = [
        crd("a.b", "Task", &[("v1", &spec(declared, &step("steps")))]),
        crd("a.b", "Pipeline", &[("v1", &spec(declared, &step("tasks")))]),
        crd("a.b", "PipelineRun", &[("v1", &spec(given, ""))]),
        crd("a.b", "TaskRun", &[("v1", &spec(given, ""))]),
    ];
    let lowered = model(&crds, &Names::default());
    let at = |path: &str| {
        let entry = lowered.paths.iter().find(|entry| entry.with_levels() == path).unwrap();
        lowered.model.get(entry.named.unwrap()).name.as_str()
    };
    assert_eq!((at("TaskRun.spec.params[]"), at("Task.spec.params[]")), ("Param", "TaskParam"));
}

#[test]
fn a_name_that_another_type_takes_along_is_not_given() {
    let spec = format!("{{spec: {{type: object, properties: {{input: {LEAF}}}}}}}");
    assert_eq!(names(&[crd("a.b", "Pipe", &[("v1", &spec)])]), set(&["Pipe", "PipeSpec", "PipeSpecInputValue"]));
}

#[test]
fn a_new_kind_takes_no_name_that_is_in_use() {
    let spec = "{spec: {type: object, properties: {phase: {type: object, properties: {a: {type: string}}}}}}";
    let old = [crd("a.b", "Run", &[("v1", spec)]), crd("a.b", "Walk", &[("v1", spec)])];
    let first = model(&old, &Names::default());
    let mut new = old.to_vec();
    for kind in ["Phase", "RunSpec", "Runs", "RunStatus", "WalkScale", "RunForAllNamespaces"] {
        new.push(crd("a.b", kind, &[("v1", "{}")]));
    }
    let second = model(&new, &first.names);
    let kept = |name: &String| second.names.types.get(name) == first.names.types.get(name);
    assert!(first.names.types.keys().all(kept), "{:#?}", second.names);
    let roots: Vec<&str> = second.names.roots.values().map(String::as_str).collect();
    assert_eq!(roots, ["APhase", "Run", "RunForAllNamespaces", "ARunSpec", "ARunStatus", "Runs", "Walk", "AWalkScale"]);
}

#[test]
fn what_a_removed_kind_was_called_is_free_again() {
    let spec = "{spec: {type: object, properties: {a: {type: string}}}}";
    let first = model(&[crd("a.b", "Foo", &[("v1", spec)])], &Names::default());
    let second = model(&[crd("c.d", "Foo", &[("v1", spec)])], &first.names);
    assert!(second.names.types.contains_key("Foo"), "{:?}", second.names);
}

#[test]
fn the_version_that_went_by_the_plain_kind_still_does() {
    let run = |versions| crd("a-very-long-group.b", "Run", versions);
    let other = crd("c.d", "Run", &[("v1", "{}")]);
    let tags = |lowered: &Lowered| -> Vec<String> {
        lowered.model.resources.iter().map(|resource| resource.tag.clone()).collect()
    };
    let first = model(&[run(&[("v1", "{}"), ("v1beta1", "{}")]), other.clone()], &Names::default());
    assert_eq!(tags(&first), ["AVeryLongGroupRuns", "AVeryLongGroupRuns", "CRuns"]);
    let second = model(&[run(&[("v2", "{}"), ("v1", "{}"), ("v1beta1", "{}")]), other], &first.names);
    assert_eq!(tags(&second)[1..], [vec!["AVeryLongGroupRuns".to_owned(); 2], vec!["CRuns".to_owned()]].concat());
}

#[test]
fn what_operations_are_grouped_under_is_no_singular() {
    let tag = |kind: &str, plural: &str| {
        let mut crd = crd("a.b", kind, &[("v1", "{}")]);
        crd.names.plural = plural.to_owned();
        model(&[crd], &Names::default()).model.resources[0].tag.clone()
    };
    assert_eq!(tag("Lamp", "lamps"), "Lamps");
    assert_eq!(tag("LampParameters", "lampparameters"), "LampParametersObjects");
}

#[test]
fn a_type_that_parts_keeps_its_name_in_the_version_that_goes_by_the_plain_kind() {
    let spec = |extra: &str| {
        format!(
            "{{spec: {{type: object, properties: {{step: {{type: object, properties: {{a: {{type: string}}{extra}}}}}}}}}}}"
        )
    };
    let (old, new) = (spec(""), spec(", b: {type: string}"));
    let first = model(&[crd("a.b", "Run", &[("v1", &old), ("v1beta2", &old), ("v1beta1", &old)])], &Names::default());
    let second = model(&[crd("a.b", "Run", &[("v1", &new), ("v1beta2", &old), ("v1beta1", &old)])], &first.names);
    assert_eq!(second.names.types["Run"], first.names.types["Run"]);
    assert_eq!(second.names.types["RunSpec"], first.names.types["RunSpec"]);
    let name = |lowered: &Lowered, name: &str| lowered.model.types.iter().any(|def| def.name == name);
    assert!(name(&second, "V1beta2RunStep") || name(&second, "V1beta1RunStep"), "{:?}", second.names);
}
