//! Documents of texts: their values, diagnostics and positions.

use std::sync::Arc;
use std::time::Duration;

use cpu_time::ThreadTime;
use crdgen_schema::{Diagnostic, Document, Severity, Source, documents};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

struct Outcome {
    documents: Vec<Document>,
    diagnostics: Vec<Diagnostic>,
}

fn read(name: &str, text: &str) -> Outcome {
    let source = Arc::new(Source { name: name.into(), text: text.into() });
    let mut diagnostics = Vec::new();
    let documents = documents(&source, &mut diagnostics);
    Outcome { documents, diagnostics }
}

impl Outcome {
    fn values(&self) -> Vec<Json> {
        self.documents.iter().map(|document| document.root.to_json()).collect()
    }

    /// Returns code and position of each diagnostic.
    fn said(&self) -> Vec<(&str, usize, usize)> {
        let place = |found: &Diagnostic| found.place.as_ref().expect("every diagnostic here has a place").span;
        self.diagnostics.iter().map(|found| (found.code, place(found).line, place(found).column)).collect()
    }
}

#[test]
fn documents_are_separated_and_empty_ones_left_out() {
    let text = "# comment\n---\na: 1\n---\n---\n# nothing\n--- # more\nb: 2\n...\nc: 3\n---\n- d";
    let outcome = read("a.yaml", text);
    assert_eq!(outcome.values(), [json!({"a": 1}), json!({"b": 2}), json!({"c": 3}), json!(["d"])]);
    assert_eq!(outcome.documents.iter().map(|document| document.index).collect::<Vec<_>>(), [0, 3, 4, 5]);
    assert!(read("a.yaml", "").documents.is_empty());
    assert!(read("a.yaml", "# only a comment\n").documents.is_empty());
    assert!(read("a.yaml", "\u{feff}---\n").documents.is_empty());
}

#[test]
fn a_directive_belongs_to_the_document_behind_it() {
    let text = "%TAG !y! tag:yaml.org,2002:\n---\na: !y!str 1\n";
    assert_eq!(read("a.yaml", text).values(), [json!({"a": "1"})]);
}

#[test]
fn a_broken_document_does_not_hide_the_others() {
    let outcome = read("a.yaml", "a: 1\n---\nb: [1\n---\nc: 3\n---\nd: *nowhere\n---\ne: 5\n");
    assert_eq!(outcome.values(), [json!({"a": 1}), json!({"c": 3}), json!({"e": 5})]);
    assert_eq!(outcome.said(), [("source::yaml", 4, 1), ("source::yaml", 7, 4)]);
}

#[test]
fn a_template_is_recognised_only_where_yaml_fails() {
    let text = "a: {{ .Values.a }}\n---\n{{- if .Values.b }}\nb: 1\n{{- end }}\n---\nc: '{{ not a template }}'\n";
    let outcome = read("a.yaml", text);
    assert_eq!(outcome.values(), [json!({"c": "{{ not a template }}"})]);
    assert_eq!(outcome.said(), [("source::template", 1, 5)], "once a file");
    assert!(outcome.diagnostics[0].help.as_ref().is_some_and(|help| help.contains("helm template")));
    assert_eq!(read("a.yaml", "{{- if .Values.b }}\na: 1\n{{- end }}\n").said(), [("source::template", 1, 2)]);
}

#[test]
fn places_count_characters_and_survive_bom_crlf_and_aliases() {
    let text = "\u{feff}é: &x 1\r\nlist:\r\n- – ü: *x\r\n";
    let outcome = read("a.yaml", text);
    assert_eq!(outcome.values(), [json!({"é": 1, "list": [{"– ü": 1}]})]);
    let root = &outcome.documents[0].root;
    let list = &root.get("list").expect("it is there");
    let entry = &list.items()[0].entries()[0];
    assert_eq!((root.entries()[0].span.line, root.entries()[0].span.column), (1, 1));
    assert_eq!((entry.span.line, entry.span.column), (3, 3));
    assert_eq!(&text[entry.span.offset..][..entry.key.len()], entry.key);
    assert_eq!(entry.value.span.line, 1, "an alias points at what it copies");
}

#[test]
fn the_second_of_two_equal_keys_counts_and_is_named() {
    for (name, text) in [("a.yaml", "a: 1\nb: {a: 2}\na: 3\n"), ("a.json", "{\"a\": 1,\n\"b\": {\"a\": 2},\n\"a\": 3}")]
    {
        let outcome = read(name, text);
        assert_eq!(outcome.values(), [json!({"a": 3, "b": {"a": 2}})], "{name}");
        assert_eq!(outcome.said(), [("source::duplicate-key", 3, 1)], "{name}");
        assert_eq!(outcome.diagnostics[0].severity, Severity::Warning, "{name}");
    }
    assert!(read("a.yaml", "a: &a {b: 1}\nc: {<<: *a, b: 2}\n").diagnostics.is_empty(), "overriding a merge is meant");
}

#[test]
fn what_only_libyaml_reads_is_read() {
    let text = "a: 'quoted'#comment\nb: >-#comment\n  folded\nc:\t\t\"tabs\"\nd: 'shallow\n  continuation\nlines'\n";
    let outcome = read("a.yaml", text);
    assert_eq!(
        outcome.values(),
        [json!({"a": "quoted", "b": "folded", "c": "tabs", "d": "shallow continuation lines"})],
        "{:?}",
        outcome.diagnostics
    );
    assert_eq!(read("a.yaml", "a: [!tag, b]\nc: 'd'#e").said(), [("source::yaml", 2, 7)], "refused, without a panic");
}

#[test]
fn json_is_a_stream_of_values_with_places() {
    let text = " {\"a\\u0041\": [1, -0, 1.0, 1e2, 9223372036854775808, true, null, \"é\\\"\"]}\n{\"b\": {}} ";
    let outcome = read("a.json", text);
    assert_eq!(
        outcome.values(),
        [json!({"aA": [1, 0, 1.0, 100.0, 9223372036854775808.0, true, null, "é\""]}), json!({"b": {}})]
    );
    let entry = &outcome.documents[0].root.entries()[0];
    let starts: Vec<_> = entry.value.items().iter().map(|item| &text[item.span.offset..][..1]).collect();
    assert_eq!(starts, ["1", "-", "1", "1", "9", "t", "n", "\""]);
    assert_eq!(entry.span.column, 3);
    let second = &outcome.documents[1].root.entries()[0];
    assert_eq!((second.span.line, second.span.column, second.value.span.column), (2, 2, 7));
}

#[test]
fn json_errors_have_a_place_and_keep_what_came_before() {
    let outcome = read("a.json", "{\"a\": 1}\n{\"b\": tru}\n");
    assert_eq!(outcome.values(), [json!({"a": 1})]);
    assert_eq!(outcome.said(), [("source::json", 2, 10)]);
    assert_eq!(read("a.json", "[1e400]").said(), [("source::json", 1, 6)]);
    assert_eq!(read("a.json", "a: 1").said(), [("source::json", 1, 1)]);
}

#[test]
fn yaml_in_flow_style_is_not_mistaken_for_json() {
    assert_eq!(read("a.yaml", "{a: 1, b: [y]}\n").values(), [json!({"a": 1, "b": [true]})]);
    assert_eq!(read("<stdin>", "{\"a\": 1}\n---\nb: 2\n").values(), [json!({"a": 1}), json!({"b": 2})]);
    assert_eq!(read("<stdin>", "{\"a\": 1.0}").documents[0].root.to_json(), json!({"a": 1.0}), "JSON: still a float");
    assert_eq!(read("<stdin>", "{\"a\": 1").said(), [("source::json", 1, 7)]);
}

#[test]
fn hostile_texts_are_refused_in_bounded_time() {
    let nine = |name: usize| vec![format!("*a{name}"); 9].join(", ");
    let bomb: String = (0..12).map(|level| format!("- &a{} [{}]\n", level + 1, nine(level))).collect();
    let chain: String = (0..100_000).map(|link| format!("- &a{} [*a{link}]\n", link + 1)).collect();
    let copies = format!("- &a1 \"{}\"\n- [{}]\n", "x".repeat(1_000_000), "*a1, ".repeat(10_000));
    for (name, text) in [
        ("a.yaml", format!("- &a0 x\n{bomb}")),
        ("a.yaml", format!("- &a0 x\n{chain}")),
        ("a.yaml", copies),
        ("a.yaml", "[".repeat(100_000)),
        ("a.yaml", "- ".repeat(100_000)),
        ("a.yaml", (0..1000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect()),
        ("a.json", "[".repeat(100_000)),
        ("a.yaml", "&a [*a]".into()),
    ] {
        let start = ThreadTime::now();
        let outcome = read(name, &text);
        assert_eq!(outcome.diagnostics.len(), 1, "{}", &text[..40.min(text.len())]);
        assert_eq!(outcome.diagnostics[0].severity, Severity::Error);
        assert!(outcome.documents.is_empty());
        assert!(start.elapsed() < Duration::from_secs(20), "{:?}: {}", start.elapsed(), &text[..40.min(text.len())]);
    }
}

#[test]
fn many_keys_take_linear_time() {
    let text: String = (0..100_000).map(|key| format!("key{key}: 1\n")).collect();
    let start = ThreadTime::now();
    assert_eq!(read("a.yaml", &text).documents[0].root.entries().len(), 100_000);
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
}

const RAW: &str = "$serde_json::private::RawValue";
const NUMBER: &str = "$serde_json::private::Number";

#[test]
fn keys_that_serde_json_keeps_for_itself_are_refused_where_they_stand() {
    for (name, text, line, column) in [
        ("a.json", format!(r#"{{"a": {{"b": 1, "{RAW}": "{{}}"}}}}"#), 1, 16),
        ("a.json", format!("[{{\"\\u0024{}\": \"1\"}}]", &NUMBER[1..]), 1, 3),
        ("a.yaml", format!(r#"{{"{NUMBER}": "1"}}"#), 1, 2),
        ("a.yaml", format!("a:\n  {RAW}: x\n"), 2, 3),
        ("a.yaml", format!("- &key {RAW}\n- ? *key\n  : x\n"), 2, 5),
        ("a.yaml", format!("a: &a {{\"{NUMBER}\": 1}}\nb: {{<<: *a}}\n"), 1, 8),
    ] {
        let outcome = read(name, &text);
        assert_eq!(outcome.said(), [("source::private-key", line, column)], "{text}");
        assert!(outcome.documents.is_empty(), "{text}");
    }
    assert_eq!(read("a.yaml", &format!("a: {RAW}\n")).values(), [json!({"a": RAW})], "as a value it is text");
}

/// Generates any JSON, including keys that serde_json reserves for itself.
fn any_json() -> impl Strategy<Value = Json> {
    let key = || prop_oneof![Just(RAW.to_owned()), Just(NUMBER.to_owned()), ".{0,6}", "[a-c]"];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        ".{0,6}".prop_map(Json::from),
        Just(Json::from("[[1]]")),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec((key(), inner), 0..4).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_that_was_read_is_the_same_after_serde_json_read_it_again(json in any_json(), is_yaml in any::<bool>()) {
        let outcome = read(if is_yaml { "a.yaml" } else { "a.json" }, &json.to_string());
        for value in outcome.values() {
            let again: Json = serde_json::from_str(&value.to_string()).expect("it is JSON");
            prop_assert_eq!(&again, &value);
            prop_assert_eq!(serde_json::from_value::<Json>(value.clone()).expect("it is a value"), value);
        }
    }
}
