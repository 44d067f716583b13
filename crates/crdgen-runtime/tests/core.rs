//! Building blocks of generated types.

mod sample;

use crdgen_runtime::backend::{
    Effect, Error, FieldSelector, FieldValidation, LabelSelector, Name, Namespace, Propagation, Reason, WriteOptions,
};
use crdgen_runtime::problem::Problem;
use crdgen_runtime::{IntOrString, List, Metadata, ObjectMeta, Resource};
use serde_json::{Value, from_value, json, to_value};

use sample::ci_example_com::v1::runner::Runner;
use sample::ci_example_com::v1::widget::Widget;

#[test]
fn int_or_string_reads_what_the_api_server_reads() {
    for (text, expected) in [
        ("80", IntOrString::from(80)),
        ("80.0", IntOrString::from(80)),
        ("1e2", IntOrString::from(100)),
        ("-9223372036854775808", IntOrString::Int(i64::MIN)),
        ("9007199254740991.0", IntOrString::Int(9_007_199_254_740_991)),
        ("\"80\"", IntOrString::from("80")),
        ("\"\"", IntOrString::from("")),
    ] {
        assert_eq!(serde_json::from_str::<IntOrString>(text).expect(text), expected);
    }
    for text in ["1.5", "true", "null", "9223372036854775808", "9007199254740993.0", "1e300", "[]", "{}"] {
        assert!(serde_json::from_str::<IntOrString>(text).is_err(), "{text}");
    }
}

#[test]
fn int_or_string_writes_what_it_holds() {
    assert_eq!(to_value(IntOrString::from(80)).expect("JSON"), json!(80));
    assert_eq!(to_value(IntOrString::from("80%")).expect("JSON"), json!("80%"));
    assert_eq!(IntOrString::from(80).to_string(), "80");
    assert_eq!(IntOrString::from("80%".to_owned()).to_string(), "80%");
}

/// Returns every field of `metav1.ObjectMeta` that is kept, as a server writes it.
fn whole_metadata() -> Value {
    json!({
        "annotations": {"a": "b"},
        "creationTimestamp": "2026-11-22T09:33:41Z",
        "deletionGracePeriodSeconds": 0,
        "deletionTimestamp": "2026-11-22T09:34:02.000001Z",
        "finalizers": ["example.com/f"],
        "generateName": "run-",
        "generation": 3,
        "labels": {"c": "d"},
        "name": "run-1",
        "namespace": "team",
        "ownerReferences": [{
            "apiVersion": "v1", "blockOwnerDeletion": true, "controller": false, "kind": "Pod", "name": "p", "uid": "u",
        }],
        "resourceVersion": "7",
        "selfLink": "/x",
        "uid": "8",
    })
}

#[test]
fn metadata_survives_whole() {
    let meta: ObjectMeta = from_value(whole_metadata()).expect("metadata");
    assert_eq!(to_value(&meta).expect("JSON"), whole_metadata());
}

#[test]
fn metadata_is_read_without_managed_fields() {
    let mut sent = whole_metadata();
    sent["managedFields"] = json!([{"manager": "kubectl", "fieldsV1": {"f:spec": {}}}]);
    let meta: ObjectMeta = from_value(sent).expect("metadata");
    assert_eq!(to_value(&meta).expect("JSON"), whole_metadata());
}

#[test]
fn annotations_are_kept_whole() {
    let annotations = json!({"kubectl.kubernetes.io/last-applied-configuration": "{}", "": ""});
    let meta: ObjectMeta = from_value(json!({"annotations": annotations})).expect("metadata");
    assert_eq!(to_value(&meta).expect("JSON"), json!({"annotations": annotations}));
    assert!(from_value::<ObjectMeta>(json!({"annotations": {"a": 1}})).is_err());
}

/// Both metadata types give the runtime the same values.
#[test]
fn metadata_of_either_crate_is_read_alike() {
    fn check<K: Resource>(object: Value) {
        let mut object: K = from_value(object).expect("an object");
        let meta = object.metadata_mut();
        assert_eq!((meta.name(), meta.namespace(), meta.uid()), (Some("run-1"), Some("team"), Some("8")));
        assert_eq!((meta.resource_version(), meta.generation()), (Some("7"), Some(3)));
        assert_eq!((meta.label("c"), meta.label("x"), meta.annotation("a")), (Some("d"), None, Some("b")));
        meta.set_name(Some("b".to_owned()));
        meta.set_namespace(None);
        meta.set_resource_version(None);
        assert_eq!((meta.name(), meta.namespace(), meta.resource_version()), (Some("b"), None, None));
    }
    check::<Widget>(json!({"metadata": whole_metadata(), "spec": {"color": "red"}}));
    check::<Runner>(json!({"metadata": whole_metadata()}));
}

#[test]
fn a_list_is_of_its_kind() {
    let page = json!({
        "apiVersion": "ci.example.com/v1",
        "kind": "WidgetList",
        "metadata": {"continue": "x", "remainingItemCount": 2, "resourceVersion": "3"},
        "items": [{"apiVersion": "ci.example.com/v1", "kind": "Widget", "metadata": {"name": "a"}, "spec": {"color": "red"}}],
    });
    let list: List<Widget> = from_value(page.clone()).expect("a list");
    assert_eq!(to_value(&list).expect("JSON"), page);
    let mut other = page;
    other["kind"] = "GadgetList".into();
    let error = from_value::<List<Widget>>(other).expect_err("another kind");
    assert!(error.to_string().contains("GadgetList"), "{error}");
}

#[test]
fn names_are_those_of_kubernetes() {
    for name in ["a", "a-b.c", "0", &"a".repeat(253)] {
        assert!(name.parse::<Name>().is_ok(), "{name}");
    }
    for name in ["", ".", "..", "a/b", "A", "a_b", "-a", "a-", "a..b", "a.-b", "é", "a\n", &"a".repeat(254)] {
        assert!(name.parse::<Name>().is_err(), "{name:?}");
    }
    assert!("a-b".parse::<Namespace>().is_ok() && "a".repeat(63).parse::<Namespace>().is_ok());
    assert!("a.b".parse::<Namespace>().is_err() && "a".repeat(64).parse::<Namespace>().is_err());
}

#[test]
fn label_selectors_that_are_not_understood_are_refused() {
    for selector in [
        "==",
        "a=b=c",
        "a b",
        "a,",
        ",a",
        "a in",
        "a in b",
        "a in (b",
        "a in (b c)",
        "a>b",
        "a>",
        "!",
        "!!a",
        "a!b",
        "(a)",
        "-a=b",
        "a=-b",
        "a/b/c",
        "/a",
        "a/",
        "A.b/c",
        "é",
        "a=é",
        &"a".repeat(64),
        "a>99999999999999999999",
    ] {
        assert!(selector.parse::<LabelSelector>().is_err(), "{selector:?}");
    }
    // Keywords are ordinary text where a key or a value is expected.
    let selector: LabelSelector = "in in (in,notin),example.com/a_B.c!=1".parse().expect("a selector");
    assert!(selector.matches(|key| (key == "in").then_some("notin")));
}

#[test]
fn label_selectors_select_as_those_of_kubernetes() {
    let labels = [("app", "web"), ("size", "3"), ("empty", "")];
    let label = |key: &str| labels.iter().find(|(known, _)| *known == key).map(|(_, value)| *value);
    let is_selected = |selector: &str| selector.parse::<LabelSelector>().expect(selector).matches(label);
    for selector in [
        "",
        "app",
        "!other",
        "app=web",
        "app==web",
        "app!=api",
        "other!=web",
        "empty=",
        "app in (api, web)",
        "other notin (web)",
        "size>2",
        "size<4",
        "app=web,size>2",
    ] {
        assert!(is_selected(selector), "{selector}");
    }
    for selector in [
        "other",
        "!app",
        "app=api",
        "app!=web",
        "app=",
        "app in (api)",
        "app notin (api, web)",
        "size>3",
        "size<3",
        "app>2",
        "other<2",
        "app=web,size>3",
    ] {
        assert!(!is_selected(selector), "{selector}");
    }
    let error = "app in web".parse::<LabelSelector>().expect_err("no list");
    assert_eq!(error.to_string(), r#"found "web", expected '('"#);
    assert_eq!("app in".parse::<LabelSelector>().expect_err("no list").to_string(), "found the end, expected '('");
}

#[test]
fn field_selectors_compare_texts() {
    let field = |name: &str| if name == "spec.color" { "a,b=c".to_owned() } else { String::new() };
    let is_selected = |selector: &str| selector.parse::<FieldSelector>().expect(selector).matches(field);
    for selector in ["", r"spec.color=a\,b\=c", r"spec.color==a\,b\=c", "spec.color!=a", "other="] {
        assert!(is_selected(selector), "{selector}");
    }
    for selector in ["spec.color=a", r"spec.color!=a\,b\=c", "other!=", "other=,spec.color=a"] {
        assert!(!is_selected(selector), "{selector}");
    }
    let selector: FieldSelector = "a=b,c!=d".parse().expect("a selector");
    assert_eq!(selector.requirements.iter().map(|requirement| requirement.field()).collect::<Vec<_>>(), ["a", "c"]);
}

#[test]
fn an_error_names_the_resource_and_the_object() {
    let text = |error: Error| (error.reason, error.to_string());
    let named = r#"widgets.ci.example.com "a""#;
    assert_eq!(text(Error::not_found::<Widget>("a")), (Reason::NotFound, format!("{named} not found")));
    assert_eq!(text(Error::already_exists::<Widget>("a")), (Reason::AlreadyExists, format!("{named} already exists")));
    let stale = format!("{named} has been modified; apply the changes to the latest version and try again");
    assert_eq!(text(Error::conflict::<Widget>("a")), (Reason::Conflict, stale));
}

#[test]
fn options_of_a_write_differ_in_each_option() {
    let options = [
        WriteOptions::default(),
        WriteOptions { effect: Effect::DryRun, ..WriteOptions::default() },
        WriteOptions { field_manager: Some("me".to_owned()), ..WriteOptions::default() },
        WriteOptions { field_validation: Some(FieldValidation::Strict), ..WriteOptions::default() },
        WriteOptions { propagation: Some(Propagation::Orphan), ..WriteOptions::default() },
        WriteOptions { grace_period_seconds: Some(0), ..WriteOptions::default() },
    ];
    for (index, these) in options.iter().enumerate() {
        for (other, those) in options.iter().enumerate() {
            assert_eq!(these == those, index == other, "{these:?} and {those:?}");
        }
    }
    let values = [FieldValidation::Ignore, FieldValidation::Warn, FieldValidation::Strict];
    assert_eq!(values.map(FieldValidation::as_str), ["Ignore", "Warn", "Strict"]);
}

#[test]
fn selectors_are_written_as_they_are_read() {
    for text in ["a in (b),c notin (d,e),f,!g,h>1,i<2", "a in (),b notin ()", ""] {
        let selector: LabelSelector = text.parse().expect("a selector");
        assert_eq!(selector.to_string(), text);
    }
    for text in ["a=b,c!=d", "a=b\\,c\\=d\\\\", "a="] {
        let selector: FieldSelector = text.parse().expect("a selector");
        assert_eq!(selector.to_string(), text);
    }
    for text in ["a", "a=b=c", "a=b\\n", "a=b\\"] {
        assert!(text.parse::<FieldSelector>().is_err(), "{text}");
    }
}

#[test]
fn a_problem_is_read_back() {
    let document = json!({
        "type": "about:blank", "title": "Conflict", "status": 409, "reason": "Conflict", "detail": "stale",
        "causes": [{"field": "spec", "reason": "FieldValueInvalid", "message": "no"}],
    });
    let problem: Problem = from_value(document.clone()).expect("a problem");
    assert_eq!(to_value(&problem).expect("JSON"), document);
    let newer = json!({"type": "about:blank", "title": "?", "status": 418, "reason": "Teapot"});
    assert_eq!(from_value::<Problem>(newer).expect("a problem").reason, Reason::InternalError);
}
