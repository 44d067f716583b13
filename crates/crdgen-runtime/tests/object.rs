//! Structs of `object!` in several formats.

use std::fmt::Debug;

use crdgen_runtime::{IntOrString, Json, Map, Number, object};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{from_str, from_value, json, to_string, to_value};

#[derive(Clone, Debug, PartialEq)]
struct Pod {
    name: String,
    node: Option<Option<String>>,
    owner: Option<String>,
    uid: Option<i64>,
    ports: Option<Option<Vec<i32>>>,
    limits: Option<Map<Number>>,
    containers: Vec<Container>,
}

object! {
    Pod {
        required name "name",
        nullable node "nodeName",
        required owner "owner",
        optional_integer uid "uid",
        nullable_integer ports "ports",
        optional limits "limits",
        required containers "containers",
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Container {
    port: Option<IntOrString>,
    unknown_fields: Map<Json>,
}

object! {
    Container {
        optional port "port",
        .. unknown_fields
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Empty {}

object! {
    Empty {}
}

/// Struct whose fields have names that the code of the macro uses too.
#[derive(Clone, Debug, PartialEq)]
#[allow(non_camel_case_types)]
struct S {
    object: Option<Option_>,
    index: Option<String>,
    from: Option<String>,
    to: Option<String>,
    deserializer: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
struct Option_ {
    r#type: Option<bool>,
}

object! {
    S {
        optional object "object",
        optional index "index",
        optional from "from",
        optional to "to",
        optional deserializer "deserializer",
    }
}

object! {
    Option_ {
        optional r#type "type",
    }
}

fn pod() -> Json {
    json!({
        "name": "a", "nodeName": null, "owner": null, "uid": 7, "ports": [1, 2], "limits": {"b": 1, "a": 0.5},
        "containers": [{"port": 80, "x": {"z": null, "y": []}}, {}],
    })
}

fn message<T: DeserializeOwned + Debug>(text: &str) -> String {
    from_str::<T>(text).expect_err(text).to_string()
}

#[test]
fn every_way_of_serde_json_reads_and_writes_the_same() {
    let text = to_string(&pod()).expect("JSON");
    let read: Pod = from_str(&text).expect("a pod");
    assert_eq!(to_string(&read).expect("JSON"), text, "names, order and all");
    assert_eq!(serde_json::from_slice::<Pod>(text.as_bytes()).expect("a pod"), read);
    assert_eq!(serde_json::from_reader::<_, Pod>(text.as_bytes()).expect("a pod"), read);
    assert_eq!(from_value::<Pod>(pod()).expect("a pod"), read);
    assert_eq!(Pod::deserialize(&pod()).expect("a pod"), read);
    assert_eq!(to_value(&read).expect("JSON"), pod());
}

#[test]
fn yaml_reads_and_writes_it_too() {
    let read: Pod = from_value(pod()).expect("a pod");
    let text = serde_yaml::to_string(&read).expect("YAML");
    assert_eq!(serde_yaml::from_str::<Pod>(&text).expect("a pod"), read, "{text}");
    let floats = "{name: a, owner: b, uid: 1e2, ports: [8.0], containers: []}";
    let read: Pod = serde_yaml::from_str(floats).expect("a pod");
    assert_eq!((read.uid, read.ports), (Some(100), Some(Some(vec![8]))));
}

#[test]
fn absent_null_and_a_value_stay_apart_where_null_is_a_value() {
    let node = |text: &str| from_str::<Pod>(text).expect(text).node;
    assert_eq!(node(r#"{"name": "a", "owner": null, "containers": []}"#), None);
    assert_eq!(node(r#"{"name": "a", "owner": null, "containers": [], "nodeName": null}"#), Some(None));
    assert_eq!(node(r#"{"name": "a", "owner": null, "containers": [], "nodeName": ""}"#), Some(Some(String::new())));
    let uid = from_str::<Pod>(r#"{"name": "a", "owner": null, "containers": [], "uid": null}"#).expect("a pod").uid;
    assert_eq!(uid, None, "elsewhere null is as good as absent");
}

#[test]
fn a_missing_field_is_named_even_if_it_may_be_null() {
    assert!(message::<Pod>(r#"{"owner": null, "containers": []}"#).contains("`name`"));
    assert!(message::<Pod>(r#"{"name": "", "containers": []}"#).contains("`owner`"));
    assert!(message::<Pod>(r#"{"name": "", "owner": null}"#).contains("`containers`"));
    assert!(message::<Pod>(r#"{"name": null, "owner": null, "containers": []}"#).contains("null"));
}

#[test]
fn of_a_key_that_comes_twice_the_last_counts() {
    let pod: Pod =
        from_str(r#"{"name": "a", "containers": [{}], "name": "b", "owner": "c", "containers": []}"#).expect("a pod");
    assert_eq!((pod.name.as_str(), pod.containers.len()), ("b", 0));
    let container: Container = from_str(r#"{"x": 1, "y": 2, "x": 3}"#).expect("a container");
    assert_eq!(to_string(&container).expect("JSON"), r#"{"x":3,"y":2}"#);
}

#[test]
fn undeclared_keys_are_dropped_or_kept_behind_the_others() {
    let pod: Pod = from_str(r#"{"z": [{}], "name": "a", "owner": "b", "containers": [], "\u0061": 1}"#).expect("a pod");
    assert_eq!(to_string(&pod).expect("JSON"), r#"{"name":"a","owner":"b","containers":[]}"#);
    let container: Container = from_str(r#"{"z": 1, "port": "x", "\u0061": null}"#).expect("a container");
    assert_eq!(to_string(&container).expect("JSON"), r#"{"port":"x","z":1,"a":null}"#);
}

#[test]
fn what_is_no_object_is_refused() {
    for text in ["[]", "null", "1", "\"a\"", "[\"a\"]", "true"] {
        assert!(message::<Empty>(text).contains("an object"), "{text}");
    }
    assert_eq!(to_string(&from_str::<Empty>(r#"{"a": 1}"#).expect("an object")).expect("JSON"), "{}");
}

#[test]
fn an_error_says_where() {
    for (text, expected) in [
        (r#"{"name": "a", "containers": [{}, {"port": true}]}"#, "containers[1].port"),
        (r#"{"name": "a", "ports": [1, 2.5]}"#, "ports[1]"),
        (r#"{"limits": {"a": "b"}}"#, "limits.a"),
        (r#"{"uid": 9223372036854775808}"#, "uid"),
        (r#"{"ports": [2147483648]}"#, "ports[0]"),
        (r#"{"name": "a"}"#, "."),
    ] {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let error = serde_path_to_error::deserialize::<_, Pod>(&mut deserializer).expect_err(text);
        assert_eq!(error.path().to_string(), expected, "{error}");
    }
}

#[test]
fn text_that_ends_early_is_an_error_of_syntax() {
    for text in ["{", r#"{"name""#, r#"{"name":"#, r#"{"name": "a", "containers": [{"x": "#] {
        assert!(from_str::<Pod>(text).expect_err(text).is_eof(), "{text}");
    }
}

#[test]
fn names_of_fields_and_types_are_nothing_to_the_macro() {
    let text = r#"{"object":{"type":true},"index":"a","from":"b","to":"c","deserializer":"d"}"#;
    assert_eq!(to_string(&from_str::<S>(text).expect("an object")).expect("JSON"), text);
}

/// Hand-written structs that flatten generated ones.
#[test]
fn an_object_can_be_flattened_into_another() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Labelled {
        label: String,
        #[serde(flatten)]
        pod: Pod,
        #[serde(flatten)]
        rest: Map<Json>,
    }
    let mut value = pod();
    value["label"] = "l".into();
    value["other"] = json!([1]);
    let labelled: Labelled = from_value(value.clone()).expect("an object");
    assert_eq!(labelled.rest.keys().collect::<Vec<_>>(), ["other"]);
    assert_eq!(to_value(&labelled).expect("JSON"), value);
}

#[test]
fn an_object_may_have_more_fields_than_a_machine_word_has_bits() {
    let names: Vec<String> = (0..70).map(|index| format!("f{index}")).collect();
    let value: Json = names.iter().map(|name| (name.clone(), json!(name))).collect::<serde_json::Map<_, _>>().into();
    let wide: Wide = from_value(value.clone()).expect("an object");
    assert_eq!(to_value(&wide).expect("JSON"), value);
    for name in [0, 63, 64, 69] {
        let mut value = value.clone();
        value.as_object_mut().expect("an object").remove(&format!("f{name}"));
        let error = from_value::<Wide>(value).expect_err("a field is missing");
        assert!(error.to_string().contains(&format!("`f{name}`")), "{error}");
    }
}

macro_rules! wide {
    ($($field:ident $name:literal)*) => {
        #[derive(Debug)]
        struct Wide {
            $($field: String,)*
        }

        object! {
            Wide {
                $(required $field $name,)*
            }
        }
    };
}

wide! {
    f0 "f0" f1 "f1" f2 "f2" f3 "f3" f4 "f4"
    f5 "f5" f6 "f6" f7 "f7" f8 "f8" f9 "f9"
    f10 "f10" f11 "f11" f12 "f12" f13 "f13" f14 "f14"
    f15 "f15" f16 "f16" f17 "f17" f18 "f18" f19 "f19"
    f20 "f20" f21 "f21" f22 "f22" f23 "f23" f24 "f24"
    f25 "f25" f26 "f26" f27 "f27" f28 "f28" f29 "f29"
    f30 "f30" f31 "f31" f32 "f32" f33 "f33" f34 "f34"
    f35 "f35" f36 "f36" f37 "f37" f38 "f38" f39 "f39"
    f40 "f40" f41 "f41" f42 "f42" f43 "f43" f44 "f44"
    f45 "f45" f46 "f46" f47 "f47" f48 "f48" f49 "f49"
    f50 "f50" f51 "f51" f52 "f52" f53 "f53" f54 "f54"
    f55 "f55" f56 "f56" f57 "f57" f58 "f58" f59 "f59"
    f60 "f60" f61 "f61" f62 "f62" f63 "f63" f64 "f64"
    f65 "f65" f66 "f66" f67 "f67" f68 "f68" f69 "f69"
}
