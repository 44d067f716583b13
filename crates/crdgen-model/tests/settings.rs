//! Settings of a project's config: renamed types, skipped properties, and the paths that both use.

mod sample;

use crdgen_model::{Lowered, NameReason, Names, PathPattern, Rename, Selected, Settings, Shape, lower};
use crdgen_schema::Crd;
use sample::crd;

const LEAF: &str = "{type: object, properties: {a: {type: string}}}";

fn lowered(crds: &[Crd], locked: &Names, settings: &Settings) -> Lowered {
    let selected: Vec<Selected<'_>> =
        crds.iter().map(|crd| Selected { crd, versions: crd.versions.iter().collect() }).collect();
    lower(&selected, locked, settings)
}

fn renames(pairs: &[(&str, &str)]) -> Settings {
    let rename = |(path, name): &(&str, &str)| Rename {
        path: path.parse().expect("a pattern"),
        name: (*name).to_owned().into(),
    };
    let rename = pairs.iter().map(rename).collect();
    Settings { rename, ..Settings::default() }
}

fn names(lowered: &Lowered) -> Vec<&str> {
    lowered.model.types.iter().map(|def| def.name.as_str()).collect()
}

/// Returns the message of the only refusal.
#[track_caller]
fn refused(crds: &[Crd], locked: &Names, settings: &Settings) -> String {
    let lowered = lowered(crds, locked, settings);
    let [refusal] = lowered.refusals.as_slice() else { panic!("{:?}", lowered.refusals) };
    refusal.message.clone()
}

/// Returns a CRD with one shape at `spec.ref` and at `spec.other.ref`.
fn two_refs() -> Crd {
    let spec = format!(
        "{{spec: {{type: object, properties: {{ref: {LEAF}, name: {LEAF}, other: {{type: object, properties: {{ref: {LEAF}}}}}}}}}}}"
    );
    crd("a.b", "Foo", &[("v1", &spec)])
}

#[test]
fn a_rename_holds_wherever_the_type_stands() {
    let lowered = lowered(&[two_refs()], &Names::default(), &renames(&[("Foo.spec.ref", "Reference")]));
    assert!(lowered.refusals.is_empty(), "{:?}", lowered.refusals);
    assert_eq!(names(&lowered), ["Foo", "FooOther", "FooSpec", "FooSpecName", "Reference"]);
    assert_eq!(lowered.names.types["FooOther"]["ref"], "Reference");
    let reason = |path: &str| lowered.paths.iter().find(|entry| entry.path == path).expect(path).reason;
    assert_eq!(reason("Foo.spec.other.ref"), Some(NameReason::Renamed));
    assert_eq!((reason("Foo.spec.name"), reason("Foo.spec.name.a")), (Some(NameReason::Suffix), None));
}

#[test]
fn a_rename_wins_over_the_lock_and_is_locked() {
    let crds = [two_refs()];
    let first = lowered(&crds, &Names::default(), &Settings::default());
    assert!(names(&first).contains(&"FooRef"));
    let second = lowered(&crds, &first.names, &renames(&[("Foo.spec.other.ref", "Reference")]));
    assert!(second.refusals.is_empty(), "{:?}", second.refusals);
    assert_eq!(second.names.types["FooSpec"]["ref"], "Reference", "all places of the old name move along");
    assert_eq!(second.names.types["FooOther"]["ref"], "Reference");
    let third = lowered(&crds, &second.names, &Settings::default());
    assert_eq!(third.names, second.names);
}

#[test]
fn a_kind_is_renamed_and_stays_on_the_wire() {
    let lowered = lowered(&[two_refs()], &Names::default(), &renames(&[("a.b/Foo", "Bar")]));
    assert_eq!(names(&lowered), ["Bar", "BarOther", "BarRef", "BarSpec", "BarSpecName"]);
    assert_eq!(lowered.names.roots["a.b/v1/Foo"], "Bar");
    assert_eq!(lowered.model.resources[0].kind, "Foo");
}

#[test]
fn names_can_be_swapped() {
    let crds = [two_refs()];
    let first = lowered(&crds, &Names::default(), &Settings::default());
    let swap = renames(&[("Foo.spec.ref", "FooSpecName"), ("Foo.spec.name", "FooRef")]);
    let second = lowered(&crds, &first.names, &swap);
    assert!(second.refusals.is_empty(), "{:?}", second.refusals);
    let spec = &second.names.types["FooSpec"];
    assert_eq!((spec["ref"].as_str(), spec["name"].as_str()), ("FooSpecName", "FooRef"));
}

#[test]
fn a_name_of_another_type_is_refused_with_its_path() {
    let crds = [two_refs()];
    let taken = |name: &str| refused(&crds, &Names::default(), &renames(&[("Foo.spec.ref", name)]));
    assert_eq!(taken("FooOther"), "the name `FooOther` is taken by the type at `Foo.spec.other`");
    assert!(taken("foospec").starts_with("`foospec` is not a valid name"));
    assert!(taken("Foospec").ends_with("taken by the type at `Foo.spec`"), "names differ in more than case");
    assert!(taken("FooInput").contains("`Input`"));
    assert!(taken("Foo Ref").contains("not a valid name of a type"));
    let locked = Names {
        types: [("Foo", [("spec", "Shape")])]
            .map(|(name, edges)| (name.into(), edges.map(|(edge, name)| (edge.into(), name.into())).into()))
            .into(),
        ..Names::default()
    };
    let message = refused(&crds, &locked, &renames(&[("Foo.spec.ref", "Shape")]));
    assert!(message.ends_with("taken by the type at `Foo.spec`"), "{message}");
}

#[test]
fn one_name_for_different_types_is_refused() {
    let message = refused(&[two_refs()], &Names::default(), &renames(&[("Foo.spec.*", "Thing")]));
    assert!(message.contains("differ, and both would be called `Thing`"), "{message}");
    let twice = renames(&[("Foo.spec.ref", "One"), ("Foo.spec.other.ref", "Two")]);
    assert!(refused(&[two_refs()], &Names::default(), &twice).ends_with("to `One`"));
}

#[test]
fn a_path_without_version_means_each_version_by_its_own_name() {
    let old = "{spec: {type: object, properties: {ref: {type: object, properties: {b: {type: string}}}}}}";
    let new = format!("{{spec: {{type: object, properties: {{ref: {LEAF}}}}}}}");
    let crds = [crd("a.b", "Foo", &[("v1beta1", old), ("v1", &new)])];
    let both = lowered(&crds, &Names::default(), &renames(&[("Foo.spec.ref", "Reference")]));
    assert!(both.refusals.is_empty(), "{:?}", both.refusals);
    assert!(names(&both).contains(&"Reference") && names(&both).contains(&"V1beta1Reference"), "{:?}", names(&both));
    let one = lowered(&crds, &Names::default(), &renames(&[("a.b/v1beta1/Foo.spec.ref", "OldReference")]));
    assert!(names(&one).contains(&"OldReference") && names(&one).contains(&"FooRef"), "{:?}", names(&one));
}

#[test]
fn a_renamed_type_that_came_apart_keeps_its_name_where_it_was_named() {
    let first = lowered(&[two_refs()], &Names::default(), &renames(&[("Foo.spec.ref", "Reference")]));
    let spec = format!(
        "{{spec: {{type: object, properties: {{ref: {{type: object, properties: {{a: {{type: string}}, b: {{type: string}}}}}}, name: {LEAF}, other: {{type: object, properties: {{ref: {LEAF}}}}}}}}}}}"
    );
    let apart = [crd("a.b", "Foo", &[("v1", &spec)])];
    let second = lowered(&apart, &first.names, &renames(&[("Foo.spec.ref", "Reference")]));
    assert!(second.refusals.is_empty(), "{:?}", second.refusals);
    assert_eq!(second.names.types["FooSpec"]["ref"], "Reference");
    assert_ne!(second.names.types["FooOther"]["ref"], "Reference");
}

#[test]
fn a_skipped_property_is_as_if_it_were_not_declared() {
    let spec = "{spec: {type: object, required: [a, b], anyOf: [{required: [a]}, {required: [b]}],
        default: {a: 1, b: {c: 2}}, properties: {
        a: {type: integer}, b: {type: object, properties: {c: {type: integer}}},
        many: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k],
               items: {type: object, required: [k], properties: {k: {type: string}, v: {type: string}}}}}}}";
    let crds = [crd("a.b", "Foo", &[("v1", spec)])];
    let skip = ["Foo.spec.b", "Foo.spec.many.k", "Foo.spec.gone", "Foo.kind"];
    let skip = skip.map(|path| path.parse::<PathPattern>().expect("a pattern").into());
    let settings = Settings { skip: skip.into(), ..Settings::default() };
    let lowered = lowered(&crds, &Names::default(), &settings);
    let paths: Vec<&str> = lowered.paths.iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths, ["Foo", "Foo.spec", "Foo.spec.a", "Foo.spec.many", "Foo.spec.many[].v"]);
    let idle: Vec<&str> = lowered.idle_skips.iter().map(|skip| skip.value.as_str()).collect();
    assert_eq!(idle, ["Foo.spec.gone", "Foo.kind"]);
    let spec = lowered.model.types.iter().find(|def| def.name == "FooSpec").expect("a spec");
    let Shape::Object(object) = &spec.shape else { panic!("{spec:?}") };
    assert!(object.unions.is_empty(), "{:?}", object.unions);
    let root = &lowered.model.types[lowered.model.resources[0].root.0];
    let Shape::Object(object) = &root.shape else { panic!("{root:?}") };
    assert_eq!(object.fields[0].default.as_ref().map(ToString::to_string).as_deref(), Some(r#"{"a":1}"#));
}

#[test]
fn every_path_says_what_stands_there() {
    let spec = "{spec: {type: object, properties: {
        tasks: {type: array, items: {type: object, properties: {
            env: {type: object, additionalProperties: {type: array, items: {type: string, nullable: true}}},
            mode: {type: string, enum: [A, B]}}}},
        any: {x-kubernetes-preserve-unknown-fields: true}, at: {type: string, format: date-time}}}}";
    let lowered = lowered(&[crd("a.b", "Foo", &[("v1", spec)])], &Names::default(), &Settings::default());
    let described: Vec<(String, &str)> =
        lowered.paths.iter().map(|entry| (entry.with_levels().into_owned(), entry.ty.as_str())).collect();
    let expected = [
        ("Foo", "Foo"),
        ("Foo.spec", "FooSpec"),
        ("Foo.spec.tasks[]", "list of FooTask"),
        ("Foo.spec.tasks[].env{}[]", "map of list of string or null"),
        ("Foo.spec.tasks[].mode", "FooTaskMode"),
        ("Foo.spec.any", "any value"),
        ("Foo.spec.at", "string (date-time)"),
    ];
    assert_eq!(described, expected.map(|(path, ty)| (path.to_owned(), ty)));
    for entry in &lowered.paths {
        let Some((owner, index)) = entry.owner else { continue };
        let Shape::Object(object) = &lowered.model.get(owner).shape else { panic!("{entry:?}") };
        assert!(entry.path.ends_with(&format!(".{}", object.fields[index].wire)), "{entry:?}");
    }
}
