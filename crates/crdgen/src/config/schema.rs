//! JSON Schema of `crdgen.toml`, for editors.

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value as Json, json};

use super::Config;
use crate::lint::{Settings, rules};

/// Operations that `[api]` can name.
const OPERATIONS: [&str; 10] =
    ["list", "get", "create", "replace", "patch", "delete", "delete-collection", "watch", "status", "scale"];

/// Returns the schema as JSON text, in draft 7, which editors know best.
pub fn text() -> String {
    let schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<Config>();
    let mut schema = Json::from(schema);
    schema["title"] = "crdgen.toml".into();
    schema["description"] = "Settings of crdgen. Paths are relative to the file.".into();
    remove_null(&mut schema);
    format!("{schema:#}\n")
}

/// Removes `null` from the types of optional keys. TOML has no null.
fn remove_null(schema: &mut Json) {
    match schema {
        Json::Array(items) => items.iter_mut().for_each(remove_null),
        Json::Object(keys) => {
            keys.values_mut().for_each(remove_null);
            if let Some(Json::Array(types)) = keys.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = &types[..] {
                    let only = only.clone();
                    keys.insert("type".to_owned(), only);
                }
            }
            if let Some(Json::Array(choices)) = keys.get_mut("anyOf") {
                choices.retain(|choice| choice["type"] != "null");
                if choices.len() == 1 {
                    // Beside `$ref`, draft 7 ignores the description of the key.
                    let only = keys.shift_remove("anyOf").unwrap_or_default();
                    keys.insert("allOf".to_owned(), only);
                }
            }
        }
        _ => {}
    }
}

/// Returns the schema of `versions`.
pub(super) fn versions(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "default": "served",
        "anyOf": [
            { "enum": ["served", "storage", "all"] },
            { "type": "array", "items": { "type": "string" } },
        ],
    })
}

/// Returns the schema of `openapi.security`.
pub(super) fn security(_: &mut SchemaGenerator) -> Schema {
    let scheme = json_schema!({ "enum": ["bearer", "oidc"] });
    json_schema!({ "anyOf": [scheme, { "type": "array", "items": scheme }] })
}

/// Returns the schema of a list of operations.
pub(super) fn operations(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "array", "uniqueItems": true, "items": { "enum": OPERATIONS } })
}

/// Returns the schema of `[lint]`.
pub(super) fn lint(_: &mut SchemaGenerator) -> Schema {
    let levels = json!(["error", "warn", "off"]);
    let all = json!({ "description": "Level of every rule that has no level of its own.", "enum": levels });
    let all = (Settings::ALL.to_owned(), all);
    let rules = rules::all().map(|rule| {
        let description = format!("{}.", rule.entry.title);
        let level = json!({ "description": description, "enum": levels, "default": rule.default.as_str() });
        (rule.id().to_owned(), level)
    });
    json_schema!({
        "type": "object",
        "additionalProperties": false,
        "properties": std::iter::once(all).chain(rules).collect::<Map<_, _>>(),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;
    use std::{env, fs};

    use crdgen_schema::Source;

    use super::*;

    const COPY: &str = "docs/crdgen.schema.json";

    /// Compares the copy in the repository. Writes it if the variable `UPDATE` is set.
    #[test]
    fn the_copy_in_the_repository_is_up_to_date() {
        let copy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(COPY);
        if env::var_os("UPDATE").is_some() {
            fs::write(&copy, text()).unwrap();
        }
        let written = fs::read_to_string(&copy).unwrap_or_default();
        assert!(written == text(), "{COPY} is out of date: run `cargo run -p crdgen -- schema config > {COPY}`");
    }

    fn is_valid(config: &str) -> bool {
        let schema: Json = serde_json::from_str(&text()).unwrap();
        let config: toml::Table = config.parse().unwrap();
        jsonschema::is_valid(&schema, &serde_json::to_value(config).unwrap())
    }

    fn is_read(config: &str) -> bool {
        Config::parse(&Arc::new(Source { name: "crdgen.toml".to_owned(), text: config.to_owned() })).is_ok()
    }

    #[test]
    fn the_schema_accepts_what_crdgen_reads() {
        for (config, expected) in [
            ("version = 1", true),
            ("", false),
            ("version = 2", false),
            ("version = 1\nversions = 'all'", true),
            ("version = 1\nversions = ['v1']", true),
            ("version = 1\nversions = 'v1'", false),
            ("version = 1\n[rust]\ndir = 'src'\nunions = 'typed'\n[axum]", true),
            ("version = 1\n[rust]\ndir = 'src'\nunion = 'typed'", false),
            ("version = 1\n[openapi]\npath = 'a.json'\nspec = '3.1'", true),
            ("version = 1\n[openapi]\nspec = '3.1'", false),
            ("version = 1\n[openapi]\npath = 'a.json'\nsecurity = ['bearer']", true),
            ("version = 1\n[openapi]\npath = 'a.json'\nsecurity = 'basic'", false),
            ("version = 1\n[openapi]\npath = 'a.json'\ncontact = { phone = '1' }", false),
            ("version = 1\n[[view]]\nkind = 'A'\nname = 'B'\nfields = ['spec']", true),
            ("version = 1\n[rust]\n[[rust.override]]\npath = 'A.spec'\nskip = true", true),
            ("version = 1\n[rust]\n[[rust.override]]\nskip = true", false),
        ] {
            assert_eq!((is_valid(config), is_read(config)), (expected, expected), "{config}");
        }
    }

    /// Every table of a config by its name in the schema, with what a config with the table has before it.
    const TABLES: [(&str, &str); 16] = [
        ("Allow", "[[diff.allow]]"),
        ("Api", "[api]"),
        ("Axum", "[rust]\n[axum]"),
        ("Checks", "[checks]"),
        ("Contact", "[openapi]\npath = 'a'\n[openapi.contact]"),
        ("Diff", "[diff]"),
        ("JsonSchema", "[json-schema]"),
        ("Kind", "[[api.kind]]"),
        ("OpenApi", "[openapi]"),
        ("Override", "[rust]\n[[rust.override]]"),
        ("Pages", "[docs]"),
        ("Rbac", "[rbac]"),
        ("Rust", "[rust]"),
        ("Server", "[openapi]\npath = 'a'\n[[openapi.servers]]"),
        ("TypeScript", "[typescript]"),
        ("View", "[[view]]"),
    ];

    #[test]
    fn a_key_is_optional_in_the_schema_if_it_is_when_it_is_read() {
        let schema: Json = serde_json::from_str(&text()).unwrap();
        let tables = schema["definitions"].as_object().unwrap().iter();
        let mut tables: Vec<_> = tables.filter(|(_, table)| table["type"] == "object").map(|(name, _)| name).collect();
        tables.sort_unstable();
        assert_eq!(tables, TABLES.map(|(name, _)| name));
        for (name, before) in TABLES {
            let table = &schema["definitions"][name];
            let required: Vec<_> = table["required"].as_array().into_iter().flatten().flat_map(Json::as_str).collect();
            // An override of a path that changes nothing is an error of another sort.
            let beside = if name == "Override" { "\nskip = true" } else { "" };
            let config = |without: Option<&str>| {
                let lines = required.iter().filter(|key| Some(**key) != without).map(|key| {
                    let is_list = table["properties"][key]["type"] == "array";
                    // The URL of a server is a URL or a path.
                    let text = if name == "Server" { "'/a'" } else { "'a'" };
                    format!("\n{key} = {}", if is_list { "[]" } else { text })
                });
                format!("version = 1\n{before}{beside}{}", lines.collect::<String>())
            };
            assert!(is_valid(&config(None)) && is_read(&config(None)), "{}", config(None));
            for key in &required {
                let config = config(Some(key));
                assert!(!is_valid(&config) && !is_read(&config), "{config}");
            }
        }
    }

    #[test]
    fn every_table_and_key_has_a_description() {
        let schema: Json = serde_json::from_str(&text()).unwrap();
        for (name, table) in schema["definitions"].as_object().unwrap() {
            let text = table["description"].as_str().unwrap_or_default();
            assert!(text.contains(' ') && !text.starts_with(['[', '`']), "{name}: {text:?}");
            for (key, value) in table["properties"].as_object().into_iter().flatten() {
                assert!(value["description"].is_string(), "{name}.{key}");
            }
        }
    }

    #[test]
    fn the_schema_names_every_operation() {
        let of = |name: &str| format!("version = 1\n[api]\noperations = ['{name}']");
        let source = Arc::new(Source { name: String::new(), text: of("nothing") });
        let message = Config::parse(&source).unwrap_err().message;
        let known: Vec<_> = message.split('`').skip(3).step_by(2).collect();
        assert_eq!(known, OPERATIONS);
        assert!(OPERATIONS.iter().all(|name| is_read(&of(name)) && is_valid(&of(name))) && !is_valid(&of("nothing")));
    }
}
