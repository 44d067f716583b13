//! Typed unions, alone and flattened into an object, compared with the struct of all their fields.

use crdgen_runtime::{Json, Map, object, one_of};
use serde::{Deserialize, Serialize};
use serde_json::{Value, from_str, from_value, json, to_string, to_value};

#[derive(Clone, Debug, Default, PartialEq)]
struct SourceFields {
    image: Option<String>,
    repository: Option<String>,
    revision: Option<Option<i64>>,
    present: Option<Vec<i32>>,
}

object! {
    SourceFields {
        optional image "image",
        optional repository "repository",
        nullable_integer revision "revision",
        optional_integer present "present",
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Source {
    Image(String),
    Git { repository: String, revision: i64 },
    Present(Vec<i32>),
    Other(Box<SourceFields>),
}

one_of! {
    Source of SourceFields {
        Image { 0 optional image "image" },
        Git { repository optional repository "repository", revision nullable revision "revision" },
        Present { 0 optional present "present" },
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct CacheFields {
    memory: Option<bool>,
    disk: Option<bool>,
}

object! {
    CacheFields {
        optional memory "memory",
        optional disk "disk",
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Cache {
    Memory(bool),
    Disk(bool),
    Other(Box<CacheFields>),
}

one_of! {
    Cache of CacheFields {
        Memory { 0 optional memory "memory" },
        Disk { 0 optional disk "disk" },
    }
}

/// Struct with two unions and other fields.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    name: String,
    timeout: Option<i64>,
    choice: Source,
    cache: Cache,
    unknown_fields: Map<Json>,
}

object! {
    Step {
        required name "name",
        optional_integer timeout "timeout",
        "image" "repository" "revision" "present" => choice,
        "memory" "disk" => cache,
        .. unknown_fields
    }
}

/// `Step` with serde's derives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Derived {
    name: String,
    #[serde(flatten)]
    choice: Source,
    #[serde(flatten)]
    cache: Cache,
    #[serde(flatten)]
    unknown_fields: Map<Json>,
}

/// Struct with a required union, and with a list of unions.
#[derive(Clone, Debug, PartialEq)]
struct Holder {
    source: Source,
    others: Option<Vec<Source>>,
}

object! {
    Holder {
        required source "source",
        optional others "others",
    }
}

/// Returns an object for every combination of these values of each field.
fn objects(fields: &[(&str, &[Value])]) -> Vec<Value> {
    fields.iter().fold(vec![json!({})], |objects, (name, values)| {
        let with = |object: &Value| {
            values
                .iter()
                .map(|value| {
                    let mut object = object.clone();
                    object[name] = value.clone();
                    object
                })
                .collect::<Vec<_>>()
        };
        objects.iter().flat_map(|object| [vec![object.clone()], with(object)].concat()).collect()
    })
}

fn source_fields() -> Vec<Value> {
    objects(&[
        ("image", &[json!("i")]),
        ("repository", &[json!("r")]),
        ("revision", &[json!(null), json!(1)]),
        ("present", &[json!([]), json!([1])]),
    ])
}

#[test]
fn a_set_of_fields_is_its_variant() {
    let read = |value: Value| from_value::<Source>(value).unwrap();
    assert_eq!(read(json!({"image": "i"})), Source::Image("i".to_owned()));
    assert_eq!(
        read(json!({"revision": 1.0, "repository": "r"})),
        Source::Git { repository: "r".to_owned(), revision: 1 }
    );
    assert_eq!(read(json!({"present": [1.0]})), Source::Present(vec![1]));
    let breaks_the_rule = [
        json!({}),
        json!({"repository": "r"}),
        json!({"repository": "r", "revision": null}),
        json!({"repository": "r", "revision": 1, "image": "i"}),
        json!({"image": "i", "present": []}),
    ];
    for object in breaks_the_rule {
        assert!(matches!(read(object.clone()), Source::Other(_)), "{object}");
    }
}

#[test]
fn every_subset_comes_back_as_the_struct_of_its_fields_says() {
    for object in source_fields() {
        let text = object.to_string();
        let (union, fields) = (from_str::<Source>(&text).unwrap(), from_str::<SourceFields>(&text).unwrap());
        assert_eq!(to_value(&union).unwrap(), object);
        assert_eq!(to_string(&union).unwrap(), to_string(&fields).unwrap());
        assert_eq!(Source::from(fields.clone()), union);
        assert_eq!(SourceFields::from(union), fields);
    }
}

#[test]
fn unions_are_flat_beside_other_fields() {
    let caches = objects(&[("memory", &[json!(true)]), ("disk", &[json!(false)])]);
    for (source, cache) in source_fields().iter().flat_map(|source| caches.iter().map(move |cache| (source, cache))) {
        let mut object = json!({"name": "n", "timeout": 3, "else": {"image": 1}});
        for part in [source, cache] {
            object.as_object_mut().unwrap().extend(part.as_object().unwrap().clone());
        }
        let step: Step = from_str(&object.to_string()).unwrap();
        assert_eq!(to_value(&step).unwrap(), object);
        assert_eq!(step.choice, from_value(source.clone()).unwrap());
        assert_eq!(step.cache, from_value(cache.clone()).unwrap());
        assert_eq!(step.unknown_fields.keys().collect::<Vec<_>>(), ["else"]);

        let derived: Derived = from_str(&object.to_string()).unwrap();
        assert_eq!(to_value(&derived).unwrap(), object);
        assert_eq!((derived.choice, derived.cache), (step.choice, step.cache));
    }
}

#[test]
fn what_is_required_beside_a_union_is_missed() {
    for text in ["{}", r#"{"image": "i", "disk": true}"#] {
        assert!(from_str::<Step>(text).unwrap_err().to_string().contains("name"), "{text}");
    }
    assert!(from_str::<Holder>("{}").unwrap_err().to_string().contains("source"));
    let holder: Holder = from_str(r#"{"source": {}, "others": [{"image": "i"}, {}]}"#).unwrap();
    assert_eq!(holder.others.unwrap()[0], Source::Image("i".to_owned()));
}

#[test]
fn what_is_wrong_in_a_union_is_said() {
    for text in [r#"{"image": 1}"#, r#"{"revision": "r"}"#, r#"{"present": {}}"#, "[]", "null"] {
        assert!(from_str::<Source>(text).is_err(), "{text}");
    }
    assert!(from_str::<Step>(r#"{"name": "n", "image": 1}"#).is_err());
    let twice: Source = from_str(r#"{"image": "a", "image": "b"}"#).unwrap();
    assert_eq!(twice, Source::Image("b".to_owned()));
}
