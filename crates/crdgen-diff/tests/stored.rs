//! Consequences of a change for objects that are stored.

#[allow(dead_code, reason = "the pairs are for other tests")]
mod fixtures;

use crdgen_diff::{Impact, Stored};
use crdgen_schema::Crd;
use serde_json::{Value as Json, json};

fn crds(fields: Json) -> Vec<Crd> {
    fixtures::side("spec", &json!({"type": "object", "properties": fields}), &Json::Null)
}

fn impact(old: &[Crd], new: &[Crd], object: &Json) -> Impact {
    Stored::new(new).judge(old, object).expect("a CRD has the kind")
}

fn boat(spec: Json) -> Json {
    json!({"apiVersion": "example.com/v1", "kind": "Boat", "metadata": {"name": "a"}, "spec": spec})
}

#[test]
fn an_object_loses_fields_and_is_refused_once_it_changes() {
    let old = crds(json!({"name": {"type": "string"}, "size": {"type": "integer"}}));
    let new = crds(json!({"name": {"type": "string", "maxLength": 2}}));
    let found = impact(&old, &new, &boat(json!({"name": "abc", "size": 1})));
    assert_eq!((found.lost, found.gone, found.unchanged.len()), (vec!["spec.size".to_owned()], None, 0));
    assert_eq!(found.changed.iter().map(|breach| breach.place()).collect::<Vec<_>>(), ["spec.name"]);
    assert!(impact(&old, &new, &boat(json!({"name": "ab"}))).is_none());
}

#[test]
fn an_object_of_a_kind_or_a_version_that_is_no_longer_there_is_gone() {
    let old = crds(json!({}));
    let found = impact(&old, &[], &boat(json!({})));
    assert_eq!(found.gone.as_deref(), Some("no CRD defines Boat in example.com any more"));
    assert!(!found.is_none());
    let mut unserved = old.clone();
    unserved[0].versions[0].served = false;
    let found = impact(&old, &unserved, &boat(json!({})));
    assert_eq!(found.gone.as_deref(), Some("example.com/v1 is no longer served"));
    let other = json!({"apiVersion": "v1", "kind": "ConfigMap"});
    assert_eq!(Stored::new(&old).judge(&old, &other), None);
}
