//! YAML is read as kubectl reads it: the same texts through both, if kubectl is installed.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

use crdgen_schema::{Severity, Source, documents};
use serde_json::Value as Json;

/// Values of a key, most of them scalars that are easily misread.
const VALUES: &[&str] = &[
    // Words.
    "y",
    "Y",
    "yes",
    "Yes",
    "YES",
    "yES",
    "n",
    "N",
    "no",
    "No",
    "NO",
    "on",
    "On",
    "ON",
    "off",
    "Off",
    "OFF",
    "true",
    "True",
    "TRUE",
    "tRUE",
    "false",
    "False",
    "FALSE",
    "null",
    "Null",
    "NULL",
    "nULL",
    "~",
    "",
    "=",
    "nan",
    "inf",
    "none",
    "\"yes\"",
    "'no'",
    "'~'",
    "\"\"",
    // Integers.
    "0",
    "-0",
    "+1",
    "-1",
    "0644",
    "010",
    "-010",
    "+010",
    "08",
    "09",
    "00",
    "0o17",
    "0O17",
    "0o8",
    "0x1F",
    "0X1f",
    "-0x1F",
    "+0x1F",
    "0x",
    "0xg",
    "0b11",
    "0B11",
    "-0b11",
    "0b12",
    "0b-11",
    "0b+11",
    "0b",
    "1_000",
    "1__0",
    "1_",
    "_1",
    "-_1",
    "0_7",
    "0x_1F",
    "1 000",
    "1,000",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "+9223372036854775808",
    "0xFFFFFFFFFFFFFFFF",
    "0xFFFFFFFFFFFFFFFFF",
    "--1",
    "+-1",
    "0x-1",
    "1-2",
    "+",
    "'1'",
    "\"0644\"",
    // Floats.
    "1.0",
    "1.5",
    "1.",
    ".5",
    "-.5",
    "+.5",
    ".",
    "1e3",
    "1E3",
    "1e+3",
    "1e-3",
    "12e03",
    "1.5e300",
    "1e400",
    "-1e400",
    "1e-400",
    ".5e3",
    ".e3",
    "1e",
    "1e+",
    "1.5.2",
    ".1_0",
    "._1",
    ".1_",
    "1_0.5",
    "0.1e-7",
    "1e20",
    "1e21",
    "1e22",
    "123456789.0",
    "9007199254740993.0",
    "1e18",
    "9223372036854775807.0",
    "-0.0",
    "0x1p3",
    "0.000001",
    "0.0000001",
    "1:30",
    "190:20:30",
    "6.8523015e+5",
    "685.230_15e+03",
    "3.14159265358979323846",
    // Timestamps and versions remain text.
    "2024-01-02",
    "2024-1-2",
    "2024-01-02T03:04:05Z",
    "2024-01-02 03:04:05",
    "2001-12-14t21:59:43.10-05:00",
    "12:30:45",
    "1.2.3",
    "v1",
    "1.30",
    "1d",
    "10Gi",
    "100m",
    "1.5Gi",
    "5%",
    // Tags.
    "!!str yes",
    "!!str 5",
    "!!int 5",
    "!!int \"5\"",
    "!!int '0x1F'",
    "!!float 5",
    "!!float \"1.5\"",
    "!!bool yes",
    "!!bool \"on\"",
    "!!null ''",
    "!!null ~",
    "!!binary aGk=",
    "!!binary \"aGk=\"",
    "!!timestamp 2024-01-02",
    "!foo 5",
    "!foo yes",
    "!!map {a: 1}",
    "!!seq [1]",
    "!!set {a: , b: }",
    "! 5",
    "! \"5\"",
    "!<tag:yaml.org,2002:int> 7",
    "!!str",
    "!!str ~",
    "!!foo 5",
    // Quotes, blocks and folding.
    "'it''s'",
    "\"a\\tb\\u00e9\\x41\"",
    "\"a\\\n    b\"",
    "'a\n\n    b'",
    "a\n    b",
    "|\n    a\n    b\n",
    "|-\n    a\n",
    "|+\n    a\n\n",
    ">\n    a\n    b\n\n    c\n",
    ">-\n    a\n      b\n    c\n",
    "|2\n      a\n",
    "a # comment",
    "a#b",
    "'a' # comment",
    // Texts that only libyaml accepts.
    "'a'#comment",
    ">-#comment\n    a\n",
    "\t\"tab\"",
    "a\u{2028}    b",
    "\"a\u{85}    b\"",
    // Collections.
    "[]",
    "{}",
    "[a, b,]",
    "{a: 1, b,}",
    "[y, 010, 1e3, ~]",
    "{? a : b}",
    "[a: b, c]",
    "[\n    1\n  ]",
    "{a: [{b: c}]}",
    "\n    - a\n    -\n    - - b\n    - c: d\n      e: f",
    "\n  - same indent",
    // Keys.
    "{y: 1}",
    "{off: 1}",
    "{010: 1}",
    "{0x1F: 1}",
    "{1.50: 1}",
    "{1.0: 1}",
    "{1e3: 1}",
    "{1e6: 1}",
    "{1e7: 1}",
    "{1234567.0: 1}",
    "{0.00001: 1}",
    "{0.0001: 1}",
    "{1.23456789: 1}",
    "{1e40: 1}",
    "{.inf: 1}",
    "{-.inf: 1}",
    "{.nan: 1}",
    "{2024-01-02: 1}",
    "{'on': 1}",
    "{\"1\": 1}",
    "{!!str on: 1}",
    "{!!int \"7\": 1}",
    "{=: 1}",
    "{a: 1, a: 2}",
    "{1: a, 0x1: b}",
    "{'': 1}",
    "{-0: 1}",
    "{1_0: 1}",
    "{-0.0: 1}",
    // Anchors and merges.
    "[&x 1, *x]",
    "[&x {a: 1}, *x]",
    "[&x a, &x b, *x]",
    "{&k a: 1, b: *k}",
    "[&k a, {*k : 1}]",
    "[&x {a: 1, b: 1}, {<<: *x, b: 2}]",
    "[&x {a: 1, b: 1}, {b: 2, <<: *x}]",
    "[&x {a: 1, b: 1}, {b: 2, <<: *x, a: 3}]",
    "[&x {a: 1}, &y {a: 2, b: 2}, {<<: [*x, *y]}]",
    "[&x {a: 1}, {\"<<\": *x}]",
    "[&x {a: 1}, {!!merge <<: *x}]",
    "[&x {a: 1}, {! <<: *x}]",
    "[&x {a: 1}, {!!str <<: *x}]",
    "[&x {a: 1}, &y {<<: *x, b: 2}, {<<: *y, c: 3}]",
    "[&x {a: 1}, {<<: {a: 2}, <<: *x}]",
    "{<<: [{a: 1}, {a: 2}], b: 1}",
    "<<",
    "[<<, '<<']",
    "{<<: {}}",
];

/// Texts that kubectl refuses.
const REFUSED: &[&str] = &[
    "-",
    ".inf",
    ".nan",
    "{~: 1}",
    "{18446744073709551615: 1}",
    "{[a]: 1}",
    "*unknown",
    "&x [*x]",
    "{<<: a}",
    "{<<: [a]}",
    "!!int abc",
    "!!bool 1",
    "!!null a",
    "!!float abc",
    "!!binary '*'",
    "!!int 1.5",
    "{a: 1",
    "a: b: c",
    "'a",
    "@a",
    "`a",
    "%a",
    "a: \u{1}",
];

#[test]
fn values_and_keys_are_those_of_kubectl() {
    let mut text = String::from("apiVersion: example.com/v1\nkind: Table\nmetadata: {name: t}\nspec:\n");
    for (index, value) in VALUES.iter().enumerate() {
        text += &format!("  c{index}: {value}\n");
    }
    let Some(kubectl) = kubectl(&text) else { return };
    let kubectl: Json = serde_json::from_str(&kubectl.expect("kubectl reads the table")).expect("kubectl writes JSON");
    let ours = ours(&text).expect("crdgen reads the table");
    let wrong: Vec<String> = VALUES
        .iter()
        .enumerate()
        .map(|(index, value)| (value, &kubectl["spec"][format!("c{index}")], &ours["spec"][format!("c{index}")]))
        .filter(|(_, kubectl, ours)| !same(kubectl, ours))
        .map(|(value, kubectl, ours)| format!("{value:?}: kubectl {kubectl}, crdgen {ours}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), VALUES.len(), wrong.join("\n"));
}

#[test]
fn a_text_may_end_without_a_line_break() {
    for value in [
        "|\n    a",
        ">\n    a\n    b",
        "|+\n    a",
        "|-\n    a",
        "|\n    a\n  # comment",
        "|\n    a\n\n    b",
        "a",
        "'a'",
        "",
        "[a]",
    ] {
        let text = format!("apiVersion: example.com/v1\nkind: Table\nmetadata: {{name: t}}\nspec:\n  v: {value}");
        let Some(kubectl) = kubectl(&text) else { return };
        let kubectl: Json = serde_json::from_str(&kubectl.expect("kubectl reads it")).expect("kubectl writes JSON");
        assert_eq!(ours(&text).expect("crdgen reads it")["spec"], kubectl["spec"], "{value:?}");
    }
}

#[test]
fn what_kubectl_refuses_is_refused() {
    for value in REFUSED {
        let text = format!("apiVersion: example.com/v1\nkind: Table\nmetadata: {{name: t}}\nspec:\n  v: {value}\n");
        let Some(kubectl) = kubectl(&text) else { return };
        assert!(kubectl.is_err(), "kubectl reads {value:?}: {kubectl:?}");
        assert!(ours(&text).is_err(), "crdgen reads {value:?}: {:?}", ours(&text));
    }
}

/// Returns the object as crdgen reads it.
fn ours(text: &str) -> Result<Json, String> {
    let mut diagnostics = Vec::new();
    let source = Arc::new(Source { name: "table.yaml".into(), text: text.into() });
    let documents = documents(&source, &mut diagnostics);
    match diagnostics.into_iter().find(|diagnostic| diagnostic.severity == Severity::Error) {
        Some(error) => Err(error.message),
        None => Ok(documents[0].root.to_json()),
    }
}

/// Returns the object as kubectl writes it, or `None` without kubectl.
fn kubectl(text: &str) -> Option<Result<String, String>> {
    let arguments = ["annotate", "--local", "-o", "json", "-f", "-", "x=y"];
    let spawned = Command::new("kubectl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = spawned else {
        println!("skipped: there is no kubectl");
        return None;
    };
    child.stdin.take().expect("it is piped").write_all(text.as_bytes()).expect("kubectl reads its input");
    let output = child.wait_with_output().expect("kubectl ends");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Some(if output.status.success() { Ok(stdout.into_owned()) } else { Err(stderr.into_owned()) })
}

/// Returns whether values are equal. A number beyond int64 is compared as a float64, however it is written.
fn same(kubectl: &Json, ours: &Json) -> bool {
    match (kubectl, ours) {
        (Json::Number(kubectl), Json::Number(ours)) if kubectl.as_i64().is_none() => kubectl.as_f64() == ours.as_f64(),
        (Json::Array(kubectl), Json::Array(ours)) => {
            kubectl.len() == ours.len() && kubectl.iter().zip(ours).all(|(kubectl, ours)| same(kubectl, ours))
        }
        (Json::Object(kubectl), Json::Object(ours)) => {
            kubectl.len() == ours.len()
                && kubectl.iter().all(|(key, kubectl)| ours.get(key).is_some_and(|ours| same(kubectl, ours)))
        }
        _ => kubectl == ours,
    }
}
