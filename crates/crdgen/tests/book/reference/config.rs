//! Page of the keys of `crdgen.toml`, made of its JSON Schema.

use std::fmt::Write as _;

use serde_json::Value as Json;

const INTRODUCTION: &str = "\
# crdgen.toml

crdgen reads `crdgen.toml` in the working directory or in the nearest folder above. Paths are relative to the folder of the
file. A flag on the command line takes precedence over a key.

A target is generated if its table is present. The smallest file generates Rust types:

```toml
version = 1
inputs = [\"crds/\"]

[rust]
dir = \"src/generated\"
```

`crdgen schema config` prints the JSON Schema of the file, from which this page is made. Editors complete and check keys if the
first line of the file names the schema, as `crdgen init` and `crdgen new` write it.
";

/// Flags of `crdgen generate`, by the key that each replaces.
const FLAGS: [(&str, &str); 10] = [
    ("inputs", "INPUTS"),
    ("versions", "--versions"),
    ("kinds", "--kinds"),
    ("rust.dir", "--rust"),
    ("openapi.path", "--openapi"),
    ("typescript.dir", "--typescript"),
    ("json-schema.dir", "--json-schema"),
    ("json-schema.layout", "--json-schema-layout"),
    ("rbac.path", "--rbac"),
    ("docs.dir", "--docs"),
];

/// Flag of `crdgen generate` for a whole table.
const TABLE_FLAGS: [(&str, &str); 1] = [("axum", "--axum")];

/// Flags of `crdgen generate` without a key.
const ONLY_FLAGS: [&str; 10] = [
    "--check",
    "--config",
    "--force",
    "--format",
    "--jobs",
    "--keep-going",
    "--lock",
    "--no-config",
    "--report",
    "--timings",
];

pub fn page() -> String {
    let schema: Json = serde_json::from_str(&crdgen::config::schema::text()).unwrap();
    let mut page = INTRODUCTION.to_owned();
    let mut tables = Vec::new();
    page.push_str("\n## Keys at the top\n");
    keys(&mut page, "", &schema, &schema, &mut tables);
    // Tables that a table contains follow it.
    while !tables.is_empty() {
        let (heading, path, description, table) = tables.remove(0);
        let _ = write!(page, "\n## {heading}\n\n{description}\n");
        if let Some((_, flag)) = TABLE_FLAGS.iter().find(|(name, _)| *name == path) {
            let _ = write!(page, "\n- Flag: `{flag}`\n");
        }
        let mut below = Vec::new();
        keys(&mut page, &path, table, &schema, &mut below);
        tables.splice(0..0, below);
    }
    page
}

/// A table of the file: its heading, its path, its description, and its schema.
type Table<'s> = (String, String, String, &'s Json);

/// Writes the keys of a table, and puts the tables among them aside.
fn keys<'s>(page: &mut String, path: &str, table: &'s Json, root: &'s Json, tables: &mut Vec<Table<'s>>) {
    let required: Vec<&str> = table["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let Some(properties) = table["properties"].as_object() else { return };
    for (name, key) in properties {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let description = key["description"].as_str().unwrap_or_default().to_owned();
        let target = resolved(key, root);
        let items = resolved(&key["items"], root);
        if target["type"] == "object" {
            tables.push((format!("[{path}]"), path, description, target));
        } else if items["type"] == "object" {
            tables.push((format!("[[{path}]]"), path, description, items));
        } else {
            key_section(page, &path, &description, key, target, required.contains(&name.as_str()));
        }
    }
}

fn key_section(page: &mut String, path: &str, description: &str, key: &Json, target: &Json, is_required: bool) {
    let _ = write!(page, "\n### `{path}`\n\n{description}\n\n- Type: {}\n", type_of(target));
    match &key["default"] {
        _ if is_required => page.push_str("- Required\n"),
        Json::Null => {}
        default => {
            let _ = writeln!(page, "- Default: `{default}`");
        }
    }
    if let Some((_, flag)) = FLAGS.iter().find(|(name, _)| *name == path) {
        let _ = writeln!(page, "- Flag: `{flag}`");
    }
    if let Some(choices) = target["oneOf"].as_array() {
        page.push_str("- Values:\n");
        for choice in choices {
            let meaning = choice["description"].as_str().unwrap_or_default();
            let _ = writeln!(page, "  - `{}`: {}", choice["const"], meaning.replace('\n', " "));
        }
    }
    // A value whose type has more to say than its name.
    if let Some((_, more)) = target["description"].as_str().and_then(|text| text.split_once("\n\n")) {
        let _ = write!(page, "\n{more}\n");
    }
}

/// Returns the schema that a key refers to, or its own.
fn resolved<'s>(key: &'s Json, root: &'s Json) -> &'s Json {
    let reference = key["$ref"].as_str().or_else(|| key["allOf"][0]["$ref"].as_str());
    match reference.and_then(|reference| root.pointer(reference.trim_start_matches('#'))) {
        Some(target) => target,
        None => key,
    }
}

fn type_of(schema: &Json) -> String {
    if let Some(choices) = schema["anyOf"].as_array() {
        return choices.iter().map(type_of).collect::<Vec<_>>().join(", or ");
    }
    if let Some(choices) = schema["enum"].as_array() {
        return format!("one of {}", choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(", "));
    }
    match schema["type"].as_str() {
        Some("array") => match &schema["items"]["enum"] {
            Json::Null => "list of strings".to_owned(),
            _ => format!("list; each item is {}", type_of(&schema["items"])),
        },
        Some("integer") => "integer".to_owned(),
        Some("boolean") => "boolean".to_owned(),
        _ => "string".to_owned(),
    }
}

#[test]
fn every_flag_of_generate_is_accounted_for() {
    let command = crdgen::cli::command();
    let generate = command.find_subcommand("generate").unwrap();
    let mut flags: Vec<String> = generate
        .get_arguments()
        .filter(|argument| !argument.is_global_set() && argument.get_id() != "help")
        .map(|argument| argument.get_long().map_or("INPUTS".to_owned(), |long| format!("--{long}")))
        .collect();
    flags.sort();
    let of_keys = FLAGS.iter().chain(&TABLE_FLAGS).map(|(_, flag)| *flag);
    let mut known: Vec<_> = of_keys.chain(ONLY_FLAGS).map(str::to_owned).collect();
    known.sort();
    assert_eq!(flags, known);
    let page = page();
    for (key, _) in FLAGS {
        assert!(page.contains(&format!("### `{key}`\n")), "{key}");
    }
}
