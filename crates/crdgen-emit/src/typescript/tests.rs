use crdgen_model::{Model, Type};
use serde_json::json;

use super::*;
use crate::api::fixture::{Builder, STRING, field, filled_field, hostile, list, resource};

fn written(model: &Model, file: &str) -> String {
    emit(model, &Options::default()).expect("a template renders").remove(file).expect("is written")
}

/// What stands between the braces of an interface, line by line, without comments.
fn members(text: &str, interface: &str) -> Vec<String> {
    let (_, rest) = text.split_once(&format!("export interface {interface} {{\n")).expect("is an interface");
    let (body, _) = rest.split_once("\n}\n").expect("ends");
    body.lines().map(str::trim).filter(|line| !line.starts_with(['/', '*'])).map(str::to_owned).collect()
}

#[test]
fn read_and_write_forms_differ_in_what_must_be_there() {
    let mut builder = Builder::default();
    let spec = builder.object("RunSpec", vec![filled_field("size", STRING, json!("small")), field("note", STRING)]);
    builder.kind(resource("Run", "runs"), vec![field("spec", Type::Named(spec))]);
    let types = written(&builder.model, "types.ts");
    assert_eq!(members(&types, "RunSpec"), ["size: string;", "note?: string;"]);
    assert_eq!(members(&types, "RunSpecInput"), ["size?: string;", "note?: string;"]);
    assert_eq!(
        members(&types, "Run"),
        ["apiVersion: \"ci.example.com/v1\";", "kind: \"Run\";", "metadata: ObjectMeta;", "spec?: RunSpec;"]
    );
    assert_eq!(
        members(&types, "RunInput"),
        [
            "apiVersion?: \"ci.example.com/v1\";",
            "kind?: \"Run\";",
            "metadata: ObjectMetaInput;",
            "spec?: RunSpecInput;"
        ]
    );
}

#[test]
fn enums_are_open_and_lists_of_unions_are_grouped() {
    let mut builder = Builder::default();
    let mode = builder.enumeration("Mode", &[("a", "A"), ("=~", "Matches")]);
    let mut nullable = field("nullable", list(Type::Named(mode)));
    nullable.slot.nullable = true;
    builder.kind(resource("Run", "runs"), vec![field("ports", list(Type::IntOrString)), nullable]);
    let types = written(&builder.model, "types.ts");
    assert!(types.contains("export type Mode = \"a\" | \"=~\" | (string & {});\n"));
    let members = members(&types, "Run");
    assert!(members.contains(&"ports?: (number | string)[];".to_owned()));
    assert!(members.contains(&"nullable?: Mode[] | null;".to_owned()));
}

#[test]
fn the_client_names_only_types_that_there_are() {
    for model in [Model::default(), hostile()] {
        let (types, client) = (code(&written(&model, "types.ts")), code(&written(&model, "client.ts")));
        for named in client.split("types.").skip(1) {
            let name = named.split(|c: char| !c.is_alphanumeric()).next().expect("split gives one");
            let exported = |word: &str| types.contains(&format!("export {word} {name} "));
            assert!(exported("interface") || exported("type"), "{name}");
        }
    }
}

#[test]
fn every_operation_is_a_function() {
    let model = hostile();
    let client = written(&model, "client.ts");
    for operation in &Api::new(&model).operations {
        assert_eq!(client.matches(&format!("export function {}(", operation.id)).count(), 1, "{}", operation.id);
    }
}

/// What a TypeScript scanner takes for code: the text without comments and strings.
fn code(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let skipped = match rest.as_bytes() {
            [b'/', b'*', ..] => rest.find("*/").map(|end| end + 2),
            [b'/', b'/', ..] => rest.find('\n'),
            [b'"', ..] => string_end(rest),
            _ => None,
        };
        if skipped.is_none() {
            code.push(first);
        }
        rest = &rest[skipped.unwrap_or(first.len_utf8())..];
    }
    code
}

fn string_end(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return Some(at + 1),
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    None
}

#[test]
fn hostile_text_stays_in_its_comment_or_string() {
    for (name, text) in emit(&hostile(), &Options::default()).expect("a template renders") {
        // What an editor shows is what is there, and every line ends where all tools think it does.
        assert!(!text.contains(['\r', '\u{0}', '\u{2028}', '\u{202e}']), "{name}");
        let code = code(&text);
        assert!(!code.contains("script") && !code.contains("*/"), "{name}: {code}");
    }
}

#[test]
fn types_lean_on_no_global_name() {
    let code = code(&written(&hostile(), "types.ts"));
    assert!(!code.contains('<'), "a generic would be a global that a kind can shadow: {code}");
}
