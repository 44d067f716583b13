//! Admission of objects, rule by rule. Every row comes from a real API server or follows from the server's code.

use std::sync::Arc;

use crdgen_schema::admission::{Options, Status, TypeMeta};
use crdgen_schema::crd::{Conversion, Scale};
use crdgen_schema::{Admission, Crd, Schema, Source, Verdict, crds, documents};
use serde_json::{Value as Json, json};

fn schema(json: &Json) -> Schema {
    Schema::from_json(json).unwrap_or_else(|diagnostics| panic!("{json}: {diagnostics:?}"))
}

/// Returns an object with the fields.
fn object(fields: Json) -> Json {
    let mut object = json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "x"}});
    let Json::Object(fields) = fields else { panic!("fields are an object") };
    object.as_object_mut().expect("it is one").extend(fields);
    object
}

/// Returns the stored form of a field `v` with this schema, or the sorted reasons for a refusal: `Reason field` each.
fn write(field: &Json, value: &Json) -> Result<Json, Vec<String>> {
    let admission = Admission::new(&schema(&json!({"type": "object", "properties": {"v": field}})), Options::default());
    let mut object = object(json!({"v": value}));
    let verdict = admission.admit(&mut object, None);
    match verdict.is_accepted() {
        true => Ok(object.get("v").cloned().unwrap_or_else(absent)),
        false => Err(refusals(&verdict)),
    }
}

fn absent() -> Json {
    "(absent)".into()
}

fn refusals(verdict: &Verdict) -> Vec<String> {
    let causes = verdict.causes.iter();
    let mut refusals: Vec<_> = causes
        .map(|cause| format!("{} {}", cause.reason.as_str().trim_start_matches("FieldValue"), cause.field))
        .chain(verdict.malformed.as_ref().map(|_| "malformed".to_owned()))
        .collect();
    refusals.sort();
    refusals
}

/// Checks the stored values of each schema.
fn stores(rows: &[(Json, &[(Json, Json)])]) {
    for (field, values) in rows {
        for (sent, stored) in *values {
            assert_eq!(write(field, sent), Ok(stored.clone()), "{sent} of {field}");
        }
    }
}

/// Value, and the reasons for its refusal.
type Refused = (Json, &'static [&'static str]);

/// Checks the reasons for refusals by each schema.
fn refuses(rows: &[(Json, &[Refused])]) {
    for (field, values) in rows {
        for (sent, causes) in *values {
            let causes: Vec<_> = causes.iter().map(|cause| (*cause).to_owned()).collect();
            assert_eq!(write(field, sent), Err(causes), "{sent} of {field}");
        }
    }
}

#[test]
fn undeclared_fields_are_dropped_where_they_are_not_kept() {
    let sent = json!({"a": 1, "b": {"c": 1, "d": {"e": 1}}, "l": [{"c": 1}]});
    let child = json!({"type": "object", "properties": {"c": {"type": "integer"}}});
    stores(&[
        (json!({"type": "object"}), &[(sent.clone(), json!({}))]),
        (json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true}), &[(sent.clone(), sent.clone())]),
        // Declared fields are pruned nevertheless.
        (
            json!({"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {"b": child}}),
            &[(sent.clone(), json!({"a": 1, "b": {"c": 1}, "l": [{"c": 1}]}))],
        ),
        // `true` keeps the fields and prunes everything within them.
        (
            json!({"type": "object", "additionalProperties": true}),
            &[(sent.clone(), json!({"a": 1, "b": {}, "l": [{}]}))],
        ),
        // A list that preserves unknown fields preserves them in its items.
        (
            json!({"type": "array", "x-kubernetes-preserve-unknown-fields": true, "items": child}),
            &[(json!([{"c": 1, "x": 2}]), json!([{"c": 1, "x": 2}]))],
        ),
    ]);
}

#[test]
fn unknown_fields_are_named_as_a_strict_write_names_them() {
    let schema = schema(&json!({"type": "object", "properties": {
        "l": {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "object"}}}},
        "e": {"type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true},
    }}));
    let mut object = object(json!({
        "z": 1,
        "l": [{}, {"a": {"b": 1, "c": {}}, "d": 1}],
        "e": {"apiVersion": "v1", "kind": "Pod", "metadata": {"nope": 1}, "kept": 1},
    }));
    object["metadata"]["zz"] = json!(1);
    object["metadata"]["ownerReferences"] =
        json!([{"apiVersion": "v1", "kind": "Pod", "name": "x", "uid": "1", "blocked": true}]);
    let verdict = Admission::new(&schema, Options::default()).admit(&mut object, None);
    assert_eq!(
        verdict.unknown_fields,
        [
            "metadata.zz",
            "metadata.ownerReferences[0].blocked",
            "l[1].a.b",
            "l[1].a.c",
            "l[1].d",
            "z",
            "e.metadata.nope"
        ]
    );
    assert!(verdict.is_accepted(), "{verdict:?}");
}

#[test]
fn null_goes_stays_or_becomes_the_default() {
    let string = json!({"type": "string"});
    stores(&[
        (string.clone(), &[(json!(null), absent())]),
        (json!({"type": "string", "nullable": true}), &[(json!(null), json!(null))]),
        (json!({"type": "string", "default": "d"}), &[(json!(null), json!("d"))]),
        (json!({"type": "string", "nullable": true, "default": "d"}), &[(json!(null), json!(null))]),
        (
            json!({"type": "object", "additionalProperties": string}),
            &[(json!({"a": null, "b": "c"}), json!({"b": "c"}))],
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "string", "default": "d"}}),
            &[(json!({"a": null}), json!({"a": "d"}))],
        ),
        (json!({"type": "array", "items": {"type": "integer", "default": 3}}), &[(json!([null]), json!([3]))]),
        (json!({"type": "array", "items": {"type": "integer", "nullable": true}}), &[(json!([null]), json!([null]))]),
        (
            json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "nullable": true}}}),
            &[(json!({"a": null}), json!({"a": null}))],
        ),
    ]);
    refuses(&[
        (json!({"type": "array", "items": string}), &[(json!([null]), &["TypeInvalid v[0]"])]),
        (
            json!({"type": "object", "required": ["a"], "properties": {"a": string}}),
            &[(json!({"a": null}), &["Required v.a"])],
        ),
        // No enum contains null, even if null is listed.
        (json!({"type": "string", "nullable": true, "enum": ["a", null]}), &[(json!(null), &["NotSupported v"])]),
    ]);
}

#[test]
fn defaults_need_their_parent() {
    let child = json!({"type": "object", "properties": {"b": {"type": "integer", "default": 7}}});
    let mut opened = child.clone();
    opened["default"] = json!({});
    stores(&[
        (
            json!({"type": "object", "properties": {"a": child}}),
            &[(json!({}), json!({})), (json!({"a": {}}), json!({"a": {"b": 7}})), (json!({"a": null}), json!({}))],
        ),
        (json!({"type": "object", "properties": {"a": opened}}), &[(json!({}), json!({"a": {"b": 7}}))]),
        // Metadata in a default is coerced like any other.
        (
            json!({"type": "object", "properties": {"e": {"type": "object", "x-kubernetes-embedded-resource": true,
                "x-kubernetes-preserve-unknown-fields": true,
                "default": {"apiVersion": "v1", "kind": "Pod", "metadata": {"creationTimestamp": null, "name": "x"}}}}}),
            &[(json!({}), json!({"e": {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}}}))],
        ),
        // `required` is checked after defaulting.
        (
            json!({"type": "object", "required": ["b"], "properties": {"b": {"type": "integer", "default": 7}}}),
            &[(json!({}), json!({"b": 7}))],
        ),
    ]);
}

#[test]
fn integers_have_many_forms() {
    stores(&[
        (
            json!({"type": "integer"}),
            &[
                (json!(1.0), json!(1)),
                (json!(1e2), json!(100)),
                (json!(-3.0), json!(-3)),
                (json!(i64::MIN), json!(i64::MIN)),
            ],
        ),
        (json!({"type": "number"}), &[(json!(1), json!(1)), (json!(1.5), json!(1.5))]),
        (json!({"x-kubernetes-int-or-string": true}), &[(json!(1.0), json!(1)), (json!("a"), json!("a"))]),
    ]);
    refuses(&[
        (
            json!({"type": "integer"}),
            &[
                (json!(1.5), &["Invalid <nil>", "TypeInvalid v"]),
                // Beyond the integers that a float64 holds exactly.
                (json!(1e18), &["TypeInvalid v"]),
                // Close enough to an integer for the type, but not for the range.
                (json!(3.0000000001), &["Invalid <nil>"]),
                (json!(true), &["TypeInvalid v"]),
                (json!("1"), &["TypeInvalid v"]),
            ],
        ),
        (json!({"type": "integer", "format": "int32"}), &[(json!(1_i64 << 31), &["Invalid <nil>"])]),
        (json!({"type": "number", "format": "float"}), &[(json!(1e300), &["Invalid <nil>"])]),
        (json!({"x-kubernetes-int-or-string": true}), &[(json!(1.5), &["TypeInvalid v"])]),
    ]);
    // Formats that the server does not know have no effect.
    stores(&[(json!({"type": "integer", "format": "uint32"}), &[(json!(-1), json!(-1))])]);
}

#[test]
fn bounds_are_float64_and_their_type_counts() {
    stores(&[
        (json!({"type": "integer", "minimum": 2, "exclusiveMinimum": true}), &[(json!(3), json!(3))]),
        (json!({"type": "number", "multipleOf": 0.1}), &[(json!(1.1), json!(1.1))]),
        // An int64 is compared with the bound truncated to int64.
        (json!({"type": "number", "minimum": 1.5}), &[(json!(1), json!(1))]),
        (json!({"type": "string", "maxLength": 2}), &[(json!("éé"), json!("éé"))]),
        (
            json!({"x-kubernetes-int-or-string": true, "maximum": 5, "maxLength": 1}),
            &[(json!(5), json!(5)), (json!("9"), json!("9"))],
        ),
    ]);
    refuses(&[
        (json!({"type": "integer", "minimum": 2, "exclusiveMinimum": true}), &[(json!(2), &["Invalid v"])]),
        // The bound is not an integer.
        (json!({"type": "integer", "minimum": 1.5}), &[(json!(2), &["Invalid <nil>"])]),
        (json!({"type": "integer", "maximum": 9_223_372_036_854_775_807_u64}), &[(json!(1), &["Invalid <nil>"])]),
        (json!({"type": "number", "multipleOf": 0.1}), &[(json!(1), &["Invalid v"])]),
        // Truncated to int64, both bounds are 1. Equal messages become one cause.
        (
            json!({"type": "number", "maximum": 1.5, "allOf": [{"maximum": 1.2}]}),
            &[(json!(2), &["Invalid <nil>", "Invalid v"])],
        ),
        (json!({"type": "string", "maxLength": 2}), &[(json!("éée"), &["TooLong v"])]),
        (json!({"type": "string", "minLength": 2, "pattern": "b"}), &[(json!("é"), &["Invalid v"])]),
        (json!({"type": "array", "maxItems": 1, "items": {"type": "string"}}), &[(json!(["a", "b"]), &["TooMany v"])]),
        (json!({"type": "object", "minProperties": 1}), &[(json!({}), &["Invalid v"])]),
    ]);
}

#[test]
fn enums_compare_values_of_go() {
    stores(&[
        (json!({"type": "number", "enum": [1]}), &[(json!(1.0), json!(1)), (json!(1.5), json!(1.5))]),
        (json!({"type": "string", "enum": []}), &[(json!("x"), json!("x"))]),
        (json!({"x-kubernetes-int-or-string": true, "enum": ["a"]}), &[(json!(97), json!(97))]),
    ]);
    refuses(&[
        (json!({"type": "string", "enum": ["a"]}), &[(json!("b"), &["NotSupported v"])]),
        (
            json!({"x-kubernetes-preserve-unknown-fields": true, "enum": [{"a": 1}]}),
            &[(json!({"a": 1.0}), &["NotSupported v"])],
        ),
        (json!({"type": "integer", "enum": [1]}), &[(json!("1"), &["NotSupported v", "TypeInvalid v"])]),
    ]);
}

#[test]
fn formats_are_those_of_the_server() {
    let rows: &[(&str, &[&str], &[&str])] = &[
        (
            "date-time",
            &["2014-12-15T19:30:20.000Z", "2014-12-15t05:00:00X123z", "2014-12-15T00:00:00+99:99"],
            &["2014-12-15T23:59:60Z", "2014-12-15", "2014-02-30T00:00:00Z", ""],
        ),
        ("datetime", &["2014-12-15T19:30:20Z"], &["2014-12-15 19:30:20Z"]),
        ("date", &["2020-02-29"], &["2021-02-29", "2020-2-29"]),
        ("duration", &["1h", "0", "1 day", "PT1H", "-1.5h", "3 minutes ago"], &["1", "1y", ""]),
        ("byte", &["aGk=", "aGkx"], &["aGk", "", "aGk=\n", "-_=="]),
        ("uri", &["/a", "a:b", "http://[::1]:80/%41"], &["a", "#x", "http://a b/", "http://a:b/", "/%zz"]),
        ("email", &["a@b", "A <a@b.c>", "\"x y\"@b.c"], &["a", "a@", "a..b@c", "a@b, c@d"]),
        ("hostname", &["a", "a-b.com", "é.com"], &["a.com.", "a.b.c", "-a", "a_b"]),
        ("ipv4", &["1.2.3.4", "01.2.3.4", "::ffff:1.2.3.4"], &["1.2.3", "256.1.1.1", "::1"]),
        ("ipv6", &["::1", "::ffff:1.2.3.4"], &["1.2.3.4", "fe80::1%eth0"]),
        ("cidr", &["10.1.2.3/08", "::/0"], &["10.1.2.3", "10.1.2.3/33"]),
        ("mac", &["01:23:45:67:89:ab", "0123.4567.89ab"], &["01:23:45:67:89", "01:23:45-67:89:ab"]),
        ("uuid", &["00000000-0000-0000-0000-00000000000A", "00000000000000000000000000000000"], &["0"]),
        ("uuid4", &["00000000-0000-4000-8000-000000000000"], &["00000000-0000-1000-8000-000000000000"]),
        ("isbn", &["0321751043", "978-0321751041"], &["0321751044"]),
        ("creditcard", &["4111 1111 1111 1111"], &["4111111111111112"]),
        ("ssn", &["111-11-1111"], &["111111111"]),
        ("hexcolor", &["#fff", "ABCDEF"], &["#ffff"]),
        ("rgbcolor", &["rgb( 1, 20,255)"], &["rgb(256,0,0)", "rgb(1,2)"]),
        ("bsonobjectid", &["507f1f77bcf86cd799439011"], &["507f1f77"]),
        ("password", &[""], &[]),
        ("k8s-short-name", &["a-b"], &["a.b", "A"]),
        ("k8s-long-name", &["a.b"], &["a..b"]),
        // Unknown to the server.
        ("ip", &["x"], &[]),
    ];
    for (format, taken, refused) in rows {
        let field = json!({"type": "string", "format": format});
        taken.iter().for_each(|text| assert_eq!(write(&field, &json!(text)), Ok(json!(text)), "{format}"));
        for text in *refused {
            assert_eq!(write(&field, &json!(text)), Err(vec!["TypeInvalid v".to_owned()]), "{text:?} as {format}");
        }
    }
    // If the format is known, a list passes for a string.
    let time = json!({"type": "string", "format": "date-time"});
    assert_eq!(write(&time, &json!([1])), Ok(json!([1])));
    assert_eq!(write(&time, &json!(1)), Err(vec!["TypeInvalid v".to_owned()]));
}

#[test]
fn branches_say_what_the_nearest_branch_misses() {
    let one_of = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "oneOf": [{"required": ["a"]}, {"required": ["b"]}]});
    let any_of = json!({"type": "string", "anyOf": [{"enum": ["a"]}, {"pattern": "^b", "minLength": 2}]});
    let all_of = json!({"type": "string", "allOf": [{"minLength": 2}, {"maxLength": 3}]});
    stores(&[
        // Null is removed before branches are tried.
        (one_of.clone(), &[(json!({"a": null, "b": "y"}), json!({"b": "y"}))]),
        (any_of.clone(), &[(json!("bb"), json!("bb"))]),
        (json!({"type": "string", "not": {"enum": ["a"]}}), &[(json!("b"), json!("b"))]),
    ]);
    refuses(&[
        (
            one_of,
            &[
                (json!({}), &["Invalid <nil>", "Required v.a"]),
                // Two matching branches have no errors of their own.
                (json!({"a": "x", "b": "y"}), &["Invalid <nil>"]),
            ],
        ),
        (any_of, &[(json!("c"), &["Invalid <nil>", "NotSupported v"])]),
        (all_of, &[(json!("a"), &["Invalid <nil>", "Invalid v"])]),
        (json!({"type": "string", "not": {"enum": ["a"]}}), &[(json!("a"), &["Invalid <nil>"])]),
        // Equal messages are reported once.
        (
            json!({"type": "object", "required": ["a"], "anyOf": [{"required": ["a"]}]}),
            &[(json!({}), &["Invalid <nil>", "Required v.a"])],
        ),
    ]);
}

#[test]
fn lists_of_type_set_and_map_hold_everything_once() {
    let set = json!({"type": "array", "items": {"type": "number"}, "x-kubernetes-list-type": "set"});
    let objects = json!({"type": "array", "x-kubernetes-list-type": "set", "items": {
        "type": "object", "x-kubernetes-map-type": "atomic", "additionalProperties": {"type": "number"}}});
    let map = json!({"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k", "p"], "items": {
        "type": "object", "required": ["k"],
        "properties": {"k": {"type": "string"}, "p": {"type": "string", "default": "TCP"}}}});
    // Go's int64 and float64 differ.
    stores(&[(set.clone(), &[(json!([1, 1.0]), json!([1, 1]))])]);
    refuses(&[
        // Only the second of equal items is reported.
        (set, &[(json!([1, 2, 1, 1]), &["Duplicate v[2]"])]),
        (objects, &[(json!([{"a": 1, "b": 2}, {"b": 2.0, "a": 1}]), &["Duplicate v[1]"])]),
        (
            map,
            &[
                (json!([{"k": "a"}, {"k": "a", "p": "TCP"}]), &["Duplicate v[1]"]),
                (json!([1]), &["Invalid v[0]", "TypeInvalid v[0]"]),
            ],
        ),
    ]);
}

#[test]
fn embedded_objects_have_a_type_and_metadata() {
    let field = json!({"type": "object", "x-kubernetes-embedded-resource": true,
        "x-kubernetes-preserve-unknown-fields": true});
    let pod = |metadata: Json| json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata});
    stores(&[(
        field.clone(),
        &[
            (pod(json!({"name": "A_B", "zz": 1, "labels": {}})), pod(json!({"name": "A_B"}))),
            (pod(json!(null)), pod(json!({}))),
            (
                pod(json!({"creationTimestamp": "2020-01-01T02:00:00.5+02:00"})),
                pod(json!({"creationTimestamp": "2020-01-01T00:00:00Z"})),
            ),
        ],
    )]);
    refuses(&[(
        field,
        &[
            (json!({}), &["Required v.apiVersion", "Required v.kind"]),
            (json!({"apiVersion": "a/b/c", "kind": "9"}), &["Invalid v.apiVersion", "Invalid v.kind"]),
            (pod(json!({"name": "a/%"})), &["Invalid v.metadata.name", "Invalid v.metadata.name"]),
            (
                pod(json!({"managedFields": [{"operation": "Delete", "fieldsType": "FieldsV2"}], "generation": -1})),
                &[
                    "Invalid v.metadata.generation",
                    "Invalid v.metadata.managedFields[0].fieldsType",
                    "Invalid v.metadata.managedFields[0].operation",
                ],
            ),
            (pod(json!({"labels": {"a": 1}})), &["malformed"]),
            (json!({"apiVersion": 1, "kind": "Pod"}), &["malformed"]),
        ],
    )]);
    // The path of a map's value has its key.
    let map = json!({"type": "object", "additionalProperties": {"type": "object", "x-kubernetes-embedded-resource": true,
        "x-kubernetes-preserve-unknown-fields": true}});
    refuses(&[(map, &[(json!({"k": {"kind": "Pod"}}), &["Required v[k].apiVersion"])])]);
}

/// Returns the violations of metadata.
fn metadata(metadata: Json) -> Vec<String> {
    let admission = Admission::new(&schema(&json!({"type": "object"})), Options::default());
    let mut object = object(json!({}));
    object["metadata"] = metadata;
    refusals(&admission.validate(&object, None))
}

#[test]
fn metadata_is_checked() {
    let rows: &[(Json, &[&str])] = &[
        (json!({"name": "a.b-c"}), &[]),
        (json!({"generateName": "a-"}), &[]),
        (json!({}), &["Required metadata.name"]),
        (json!({"name": "A_B"}), &["Invalid metadata.name"]),
        (json!({"generateName": "a_b-"}), &["Invalid metadata.generateName"]),
        (json!({"name": "a", "namespace": "a.b"}), &["Invalid metadata.namespace"]),
        (json!({"name": "a", "labels": {"a.b/c": "d", "e": ""}}), &[]),
        // An empty name is missing, and its characters are invalid too.
        (json!({"name": "a", "labels": {"": "-"}}), &["Invalid metadata.labels"; 3]),
        (json!({"name": "a", "labels": {"A/b": "c"}}), &["Invalid metadata.labels"]),
        (json!({"name": "a", "annotations": {"A/b": "any thing"}}), &[]),
        (json!({"name": "a", "annotations": {"a/b/c": ""}}), &["Invalid metadata.annotations"]),
        (json!({"name": "a", "annotations": {"a": "x".repeat(256 * 1024)}}), &["TooLong metadata.annotations"]),
        (json!({"name": "a", "finalizers": ["a b"]}), &["Invalid metadata.finalizers"]),
        (json!({"name": "a", "finalizers": ["orphan", "foregroundDeletion"]}), &["Invalid metadata.finalizers"]),
        (
            json!({"name": "a", "ownerReferences": [{"apiVersion": "v1", "kind": "Pod"}]}),
            &["Invalid metadata.ownerReferences.name", "Invalid metadata.ownerReferences.uid"],
        ),
        (json!({"name": "a", "labels": []}), &["malformed"]),
        (json!({"name": "a", "creationTimestamp": "yesterday"}), &["malformed"]),
        (json!("a"), &["malformed"]),
    ];
    for (sent, causes) in rows {
        assert_eq!(metadata(sent.clone()), *causes, "{sent}");
    }
}

#[test]
fn metadata_is_stored_as_go_writes_it() {
    let admission = Admission::new(&schema(&json!({"type": "object"})), Options::default());
    let mut object = object(json!({}));
    object["metadata"] = json!({
        "name": "a", "labels": {"a": null}, "annotations": {}, "finalizers": ["example.com/a"], "ownerReferences": [],
        "creationTimestamp": "0001-01-01T00:00:00Z", "generation": 0,
    });
    assert!(admission.admit(&mut object, None).is_accepted());
    assert_eq!(object["metadata"], json!({"name": "a", "labels": {"a": ""}, "finalizers": ["example.com/a"]}));
}

#[test]
fn rules_that_do_not_run_are_said_to() {
    let field = json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}},
        "x-kubernetes-validations": [{"rule": "true"}]});
    refuses(&[(field, &[(json!({}), &["Invalid <nil>", "Required v.a"])])]);
}

#[test]
fn another_type_is_all_that_is_said() {
    let type_ = TypeMeta { api_version: "example.com/v2".to_owned(), kind: "Widget".to_owned() };
    let options = Options { type_: Some(type_), ..Options::default() };
    let admission = Admission::new(&schema(&json!({"type": "object", "required": ["spec"]})), options);
    assert_eq!(refusals(&admission.validate(&object(json!({})), None)), ["Invalid apiVersion"]);
    assert_eq!(refusals(&admission.validate(&json!({"kind": "Widget"}), None)), ["malformed"]);
}

#[test]
fn refusals_have_the_words_of_the_server() {
    let said = |field: Json, value: Json| {
        let schema = schema(&json!({"type": "object", "properties": {"v": field}}));
        let verdict = Admission::new(&schema, Options::default()).validate(&object(json!({"v": value})), None);
        verdict.causes.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    };
    let embedded = json!({"type": "object", "x-kubernetes-embedded-resource": true});
    for (field, value, expected) in [
        (
            json!({"type": "integer"}),
            json!("a"),
            r#"v: Invalid value: "string": v in body must be of type integer: "string""#,
        ),
        (
            json!({"type": "string"}),
            json!(true),
            r#"v: Invalid value: "boolean": v in body must be of type string: "boolean""#,
        ),
        (
            json!({"type": "array", "items": {"type": "object"}}),
            json!([{}, null, []]),
            "v[1]: Invalid value: \"null\": v[1] in body must be of type object: \"null\"; \
             v[2]: Invalid value: \"array\": v[2] in body must be of type object: \"array\"",
        ),
        (
            json!({"type": "boolean"}),
            json!({}),
            r#"v: Invalid value: "object": v in body must be of type boolean: "object""#,
        ),
        (
            json!({"type": "string", "enum": ["a", "b"]}),
            json!("c"),
            r#"v: Unsupported value: "c": supported values: "a", "b""#,
        ),
        (
            json!({"type": "string", "pattern": "^a"}),
            json!("b"),
            r#"v: Invalid value: "b": v in body should match '^a'"#,
        ),
        (json!({"type": "string", "maxLength": 1}), json!("bb"), "v: Too long: may not be more than 1 bytes"),
        (
            embedded,
            json!({"apiVersion": "", "kind": "A_B"}),
            "v.apiVersion: Invalid value: \"\": must not be empty; v.kind: Invalid value: \"A_B\": may have mixed case, but \
             should otherwise be a DNS-1035 label",
        ),
    ] {
        assert_eq!(said(field, value), expected);
    }
}

#[test]
fn fields_that_the_storage_version_does_not_declare_are_lost_without_a_webhook() {
    let version = |name: &str, properties: Json| {
        let schema = json!({"type": "object", "properties": properties});
        json!({"name": name, "served": true, "storage": name == "v1", "schema": {"openAPIV3Schema": schema}})
    };
    let versions = [
        version("v1", json!({"a": {"type": "string"}})),
        version("v2", json!({"a": {"type": "string"}, "b": {"type": "string"}})),
    ];
    let crd = json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "widgets.example.com"},
        "spec": {"group": "example.com", "names": {"kind": "Widget", "plural": "widgets"}, "scope": "Namespaced", "versions": versions},
    });
    let source = Arc::new(Source { name: "widgets.json".to_owned(), text: crd.to_string() });
    let mut crd = crds(documents(&source, &mut Vec::new()), &mut Vec::new()).crds.remove(0);
    let stored = |crd: &Crd| {
        let mut object = object(json!({"apiVersion": "example.com/v2", "a": "x", "b": "y"}));
        assert!(Admission::for_version(crd, &crd.versions[1]).admit(&mut object, None).is_accepted());
        object.get("b").cloned()
    };
    assert_eq!(stored(&crd), None);
    crd.conversion = Conversion::Webhook;
    assert_eq!(stored(&crd), Some(json!("y")));
}

#[test]
fn options_can_be_replaced() {
    let admission = Admission::from_json(&json!({"type": "object"})).expect("it is a schema");
    let type_ = TypeMeta { api_version: "example.com/v2".to_owned(), kind: "Widget".to_owned() };
    assert!(admission.validate(&object(json!({})), None).is_accepted());
    let admission = admission.with_options(Options { type_: Some(type_), ..Options::default() });
    assert!(!admission.validate(&object(json!({})), None).is_accepted(), "the version is another one");
}

#[test]
fn what_did_not_change_may_stay_wrong() {
    let schema = schema(&json!({"type": "object", "properties": {
        "spec": {"type": "object", "required": ["new"], "properties": {
            "new": {"type": "string"},
            "name": {"type": "string", "maxLength": 1},
            "other": {"type": "string"},
            "atomic": {"type": "array", "items": {"type": "string", "maxLength": 1}},
            "map": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"], "items": {
                "type": "object", "required": ["k"],
                "properties": {"k": {"type": "string"}, "v": {"type": "string", "maxLength": 1}}}},
            "set": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
        }},
    }}));
    let admission = Admission::new(&schema, Options::default());
    let update = |old: Json, new: Json| {
        refusals(&admission.validate(&object(json!({"spec": new})), Some(&object(json!({"spec": old})))))
    };
    // An unchanged field, and a changed one.
    let old = json!({"new": "x", "name": "long"});
    assert_eq!(update(old.clone(), json!({"new": "x", "name": "long", "other": "y"})), [""; 0]);
    assert_eq!(update(old, json!({"new": "x", "name": "longer"})), ["TooLong spec.name"]);
    // A missing field is forgiven only if the parent is unchanged.
    assert_eq!(update(json!({}), json!({})), [""; 0]);
    assert_eq!(update(json!({}), json!({"other": "y"})), ["Required spec.new"]);
    // Items are correlated only in lists of type map, in any order.
    let items = |tail: &str| json!({"new": "x", "atomic": ["long", tail]});
    assert_eq!(update(items("a"), items("a")), [""; 0]);
    assert_eq!(update(items("a"), items("b")), ["TooLong spec.atomic[0]"]);
    let old = json!({"new": "x", "map": [{"k": "a", "v": "long"}, {"k": "b", "v": "c"}]});
    let new = json!({"new": "x", "map": [{"k": "b", "v": "d"}, {"k": "a", "v": "long"}]});
    assert_eq!(update(old, new), [""; 0]);
    // A list that was not unique may stay so.
    assert_eq!(update(json!({"new": "x", "set": ["a", "a"]}), json!({"new": "x", "set": ["b", "b"]})), [""; 0]);
    assert_eq!(
        update(json!({"new": "x", "set": ["a"]}), json!({"new": "x", "set": ["b", "b"]})),
        ["Duplicate spec.set[1]"]
    );
}

#[test]
fn names_do_not_change_and_deleted_objects_get_no_finalizers() {
    let admission = Admission::new(&schema(&json!({"type": "object"})), Options::default());
    let mut old = object(json!({}));
    old["metadata"]["deletionTimestamp"] = json!("2020-01-01T00:00:00Z");
    let mut new = old.clone();
    new["metadata"]["name"] = json!("y");
    new["metadata"]["finalizers"] = json!(["a.b/c"]);
    assert_eq!(
        refusals(&admission.validate(&new, Some(&old))),
        ["Forbidden metadata.finalizers", "Invalid metadata.name"]
    );
}

#[test]
fn finalizers_without_a_domain_are_warned_of_when_they_are_new() {
    let admission = Admission::new(&schema(&json!({"type": "object"})), Options::default());
    let mut object = object(json!({}));
    object["metadata"]["finalizers"] = json!(["mine", "a.b", "a.b/c", "orphan"]);
    assert_eq!(admission.validate(&object, None).warnings.len(), 2);
    assert!(admission.validate(&object, Some(&object)).warnings.is_empty());
}

#[test]
fn status_is_left_alone_where_it_is_a_subresource() {
    let schema = schema(&json!({"type": "object", "properties": {
        "status": {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer", "default": 1}}},
    }}));
    let stored = |status, old: Option<Json>| {
        let admission = Admission::new(&schema, Options { status, ..Options::default() });
        let mut object = object(json!({"status": {"a": 2}}));
        let verdict = admission.admit(&mut object, old.as_ref());
        assert!(verdict.is_accepted(), "{verdict:?}");
        object.get("status").cloned()
    };
    assert_eq!(stored(Status::Ordinary, None), Some(json!({"a": 2, "b": 1})));
    assert_eq!(stored(Status::Subresource, None), None);
    let old = object(json!({"status": {"a": 3}}));
    assert_eq!(stored(Status::Subresource, Some(old)), Some(json!({"a": 3, "b": 1})));
}

#[test]
fn what_was_stored_is_read_by_the_schema_of_today() {
    let schema = schema(&json!({"type": "object", "properties": {"new": {"type": "string", "default": "d"}}}));
    let admission = Admission::new(&schema, Options::default());
    let mut stored = object(json!({"gone": 1}));
    admission.read(&mut stored);
    assert_eq!(stored, object(json!({"new": "d"})));
    // An object that cannot be decoded is left unchanged.
    let mut broken = json!({"kind": 1, "gone": 1});
    admission.read(&mut broken);
    assert_eq!(broken, json!({"kind": 1, "gone": 1}));
}

#[test]
fn replicas_are_counts() {
    let schema = schema(&json!({"type": "object", "properties": {
        "spec": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
        "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
    }}));
    let scale = Scale {
        spec_replicas_path: ".spec.replicas".to_owned(),
        status_replicas_path: ".status.replicas".to_owned(),
        label_selector_path: Some(".status.selector".to_owned()),
    };
    let admission = Admission::new(&schema, Options { scale: Some(scale), ..Options::default() });
    let causes = |fields: Json| refusals(&admission.validate(&object(fields), None));
    assert_eq!(causes(json!({"spec": {"replicas": 3}, "status": {"selector": "a=b"}})), [""; 0]);
    assert_eq!(causes(json!({"spec": {"replicas": -1}})), ["Invalid .spec.replicas"]);
    assert_eq!(
        causes(json!({"spec": {"replicas": "1"}, "status": {"replicas": 1_i64 << 31, "selector": 1}})),
        ["Invalid .spec.replicas", "Invalid .status.replicas", "Invalid .status.selector",]
    );
}

#[test]
fn of_a_million_causes_some_are_kept() {
    let items =
        json!({"type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true});
    let list = json!({"type": "array", "items": items});
    let set = json!({"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string", "maxLength": 1}});
    let text = |number: usize| json!(format!("t{}", number / 2));
    for (field, value) in [
        (&list, vec![json!({}); 20_000]),
        (&list, vec![json!(1); 20_000]),
        (&set, (0..20_000).map(text).collect::<Vec<_>>()),
    ] {
        let causes = write(field, &json!(value)).expect_err("everything in it is wrong");
        assert_eq!(causes.len(), 1000);
    }
}

#[test]
fn a_value_alone_is_judged_as_it_is() {
    let admission = Admission::from_json(&json!({"type": "integer", "maximum": 2})).expect("it is a schema");
    assert!(admission.check_value(&json!(2)).is_empty());
    let causes = admission.check_value(&json!(3));
    assert_eq!(causes.iter().map(|cause| cause.field.as_str()).collect::<Vec<_>>(), ["<nil>"]);
    let admission = Admission::from_json(&json!({"properties": {"n": {"type": "integer", "format": "int32"}}}));
    let causes = admission.expect("it is a schema").check_value(&json!({"n": 1_i64 << 31}));
    assert_eq!((causes[0].field.as_str(), causes[0].path()), ("<nil>", Some("n")), "the place is known nevertheless");
    assert!(Admission::from_json(&json!({"type": "whole"})).is_err());
}
