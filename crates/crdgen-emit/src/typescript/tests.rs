use crdgen_model::{Column, Field, Model, Resource, ResourceId, Type};
use serde_json::json;

use super::*;
use crate::api::fixture::{Builder, STRING, field, filled_field, hostile, list, resource, slot};

const INT64: Type = Type::Integer { int32: false };

fn written(model: &Model, file: &str) -> String {
    emit(model, &Options::default()).expect("a template renders").remove(file).expect("is written")
}

/// Returns the lines between the braces of an interface, without comments.
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
fn users_may_write_null_that_the_server_drops_if_a_project_wants_so() {
    let mut builder = Builder::default();
    let below = builder.object("Below", vec![field("note", STRING), required("name", STRING)]);
    let spec = vec![
        field("below", Type::Named(below)),
        field("names", list(STRING)),
        field("labels", Type::Map(Box::new(slot(STRING)))),
        filled_field("size", STRING, json!("small")),
    ];
    builder.kind(resource("Run", "runs"), spec);
    let options = Options { nulls: Nulls::Dropped, ..Options::default() };
    let types = emit(&builder.model, &options).expect("a template renders").remove("types.ts").expect("is written");
    assert_eq!(members(&types, "Below"), ["note?: string;", "name: string;"]);
    assert_eq!(members(&types, "BelowInput"), ["note?: string | null;", "name: string;"]);
    assert_eq!(
        members(&types, "RunInput")[3..],
        [
            "below?: BelowInput | null;",
            "names?: string[] | null;",
            "labels?: { [key: string]: string | null } | null;",
            "size?: string | null;",
        ]
    );
    assert!(members(&types, "ObjectMetaInput").contains(&"labels?: { [key: string]: string } | null;".to_owned()));
}

fn required(wire: &str, ty: Type) -> Field {
    Field { required: true, ..field(wire, ty) }
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
fn every_file_names_only_types_that_there_are() {
    for model in [Model::default(), hostile()] {
        let types = code(&written(&model, "types.ts"));
        for file in ["client.ts", "columns.ts", "labels.ts", "defaults.ts"] {
            let text = code(&written(&model, file));
            for named in text.split("types.").skip(1).filter(|named| !named.starts_with("js")) {
                let name = named.split(|c: char| !c.is_alphanumeric()).next().expect("split gives one");
                let exported = |word: &str| types.contains(&format!("export {word} {name} "));
                assert!(exported("interface") || exported("type"), "{file}: {name}");
            }
        }
    }
}

/// Returns the values that a table shows of `Run`, in the order of the columns.
fn values(resource: Resource, fields: Vec<Field>, builder: Builder) -> Vec<String> {
    let mut builder = builder;
    builder.kind(resource, fields);
    let text = written(&builder.model, "columns.ts");
    let values = text.lines().filter_map(|line| line.trim().strip_prefix("value: (object) => ")?.strip_suffix(','));
    values.map(str::to_owned).collect()
}

fn columns(paths: &[&str]) -> Resource {
    let column = |path: &&str| Column {
        name: "A".to_owned(),
        type_: "string".to_owned(),
        format: None,
        description: None,
        json_path: (*path).to_owned(),
        priority: 0,
        span: Default::default(),
    };
    Resource { columns: paths.iter().map(column).collect(), ..resource("Run", "runs") }
}

#[test]
fn columns_whose_path_cannot_be_followed_are_named() {
    let mut builder = Builder::default();
    let run = columns(&[".spec.a", ".spec..a", ".spec.a[*].b"]);
    builder.kind(run, vec![field("spec", Type::AnyObject)]);
    assert_eq!(columns_left_out(&builder.model), [(ResourceId(0), 1), (ResourceId(0), 2)]);
}

#[test]
fn columns_read_as_far_as_types_go_and_by_name_from_there_on() {
    let mut builder = Builder::default();
    let condition = builder.object("Condition", vec![field("type", STRING), field("status", STRING)]);
    let spec = vec![
        field("conditions", list(Type::Named(condition))),
        field("labels", Type::Map(Box::new(slot(STRING)))),
        field("template", Type::AnyObject),
        field("constructor", STRING),
    ];
    let spec = builder.object("RunSpec", spec);
    let shown = values(
        columns(&[
            ".spec.conditions[?(@.type=='Ready')].status",
            ".spec.conditions[*].status",
            ".spec.conditions[-1:].type",
            ".spec.labels['a.b/c']",
            ".spec.template.spec.x[0]",
            ".spec.constructor",
            ".spec.undeclared",
            ".spec.template.x[*].y",
        ]),
        vec![field("spec", Type::Named(spec))],
        builder,
    );
    // The last one cannot be followed: which items there are, only a type would say.
    assert_eq!(
        shown,
        [
            r#"object.spec?.conditions?.find((item) => item?.type === "Ready")?.status"#,
            "object.spec?.conditions?.map((item) => item?.status).find((found) => found !== undefined)",
            "object.spec?.conditions?.at(-1)?.type",
            r#"object.spec?.labels?.["a.b/c"]"#,
            r#"at(object.spec?.template, "spec", "x", 0)"#,
            r#"at(object.spec, "constructor")"#,
            r#"at(object.spec, "undeclared")"#,
        ]
    );
}

#[test]
fn without_columns_the_age_is_shown() {
    assert_eq!(values(columns(&[]), Vec::new(), Builder::default()), ["object.metadata?.creationTimestamp"]);
}

#[test]
fn defaults_are_filled_below_what_is_filled() {
    let mut builder = Builder::default();
    let drain = builder.object("Drain", vec![filled_field("timeout", STRING, json!("10m")), field("note", STRING)]);
    let spec = vec![filled_field("drain", Type::Named(drain), json!({})), field("image", STRING)];
    let spec = builder.object("RunSpec", spec);
    builder.kind(resource("Run", "runs"), vec![field("spec", Type::Named(spec))]);
    let text = written(&builder.model, "defaults.ts");
    let spec = "export function defaultRunSpec(): Pick<types.RunSpec, \"drain\"> {\n  return {\n    drain: {\n      \
                timeout: \"10m\",\n    },\n  };\n}\n";
    assert!(text.contains(spec), "{text}");
    assert!(text.contains("defaultDrain(): Pick<types.Drain, \"timeout\">"), "{text}");
    assert!(!text.contains("defaultRun()"), "{text}");
}

#[test]
fn a_default_that_javascript_would_change_is_left_to_the_server() {
    let mut builder = Builder::default();
    let inner = builder.object("Inner", vec![filled_field("most", INT64, json!(i64::MAX))]);
    let spec = vec![
        filled_field("inner", Type::Named(inner), json!({})),
        filled_field("large", INT64, json!(9_007_199_254_740_993_i64)),
        filled_field("small", INT64, json!(1)),
    ];
    let spec = builder.object("RunSpec", spec);
    builder.kind(resource("Run", "runs"), vec![field("spec", Type::Named(spec))]);
    let text = written(&builder.model, "defaults.ts");
    assert!(
        text.contains("defaultRunSpec(): Pick<types.RunSpec, \"small\"> {\n  return {\n    small: 1,\n  };"),
        "{text}"
    );
    assert!(text.contains(" * The defaults of `inner`, `large` are left out"), "{text}");
    assert!(!text.contains("defaultInner()"), "{text}");
    let options = Options { schemas: Schemas::Inputs, ..Options::default() };
    let schema = emit(&builder.model, &options).expect("a template renders").remove("schemas/RunInput.ts");
    let schema = schema.expect("is written");
    assert_eq!((schema.matches("default: ").count(), schema.matches("default: 1,").count()), (2, 1), "{schema}");
}

#[test]
fn labels_name_every_field() {
    let mut builder = Builder::default();
    let mut start = field("startTime", STRING);
    start.docs = Some("When it began.\n\nMore.".into());
    builder.kind(resource("Run", "runs"), vec![start, field("__proto__", STRING)]);
    let text = written(&builder.model, "labels.ts");
    assert!(text.contains("  startTime: { label: \"Start time\", help: \"When it began.\" },\n"), "{text}");
    assert!(text.contains("  [\"__proto__\"]: { label: \"Proto\" },\n"), "{text}");
}

#[test]
fn every_operation_is_a_function() {
    let model = hostile();
    let client = written(&model, "client.ts");
    for operation in &Api::new(&model).operations {
        assert_eq!(client.matches(&format!("export function {}(", operation.id)).count(), 1, "{}", operation.id);
    }
}

/// Returns the text without comments and strings, as a TypeScript scanner finds code.
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
        assert!(!code.contains("script>") && !code.contains("*/"), "{name}: {code}");
    }
}

#[test]
fn types_lean_on_no_global_name() {
    let code = code(&written(&hostile(), "types.ts"));
    assert!(!code.contains('<'), "a generic would be a global that a kind can shadow: {code}");
}

#[test]
fn permissions_are_asked_by_the_names_of_the_resources() {
    let mut builder = Builder::default();
    builder.kind(Resource { status: true, ..resource("Run", "runs") }, Vec::new());
    let model = Model { permissions: true, ..builder.model };
    let permissions = written(&model, "permissions.ts");
    assert!(permissions.contains("  | \"runs\"\n  | \"runs/status\";"), "{permissions}");
    assert!(written(&model, "client.ts").contains("export function readPermissions("));
    assert!(written(&model, "index.ts").contains("export * from \"./permissions.js\";"));
    let without = emit(&Model { permissions: false, ..model }, &Options::default()).expect("a template renders");
    assert_eq!(without.get("permissions.ts"), None);
    assert!(!without["client.ts"].contains("ermissions") && !without["index.ts"].contains("ermissions"));
}
