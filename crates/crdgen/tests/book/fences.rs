//! Fences of the pages, each by its language.

use std::sync::Arc;

use crdgen::config::Config;
use crdgen::pipeline;
use crdgen_schema::{Severity, Source, documents};

use crate::page::{Fence, book_and_readme, none};

/// Checks a fence. The error says what is wrong.
fn check(fence: &Fence) -> Result<(), String> {
    let is_bare = fence.attributes.is_empty();
    match fence.language.as_str() {
        "rust" => rust(fence),
        "toml" if is_bare => toml(&fence.text),
        "yaml" if is_bare => yaml(&fence.text),
        "json" if is_bare => {
            serde_json::from_str::<serde::de::IgnoredAny>(&fence.text).map(drop).map_err(|error| error.to_string())
        }
        // Tested elsewhere: by the module `console` and by `cargo xtask book`.
        "console" | "ts" if is_bare => Ok(()),
        // Commands that need a network, a cluster or a running service, plain text, and code of other projects.
        "sh" | "text" | "diff" | "dockerfile" | "html" | "python" if is_bare => Ok(()),
        "" => Err("the fence has no language".to_owned()),
        "(indented)" => Err("an indented block is a Rust doctest: use a fence".to_owned()),
        _ => Err(format!("`{} {}` is not a known language", fence.language, fence.attributes.join(" "))),
    }
}

fn rust(fence: &Fence) -> Result<(), String> {
    match fence.attributes.iter().find(|word| !matches!(word.as_str(), "no_run" | "compile_fail" | "should_panic")) {
        Some(word) => Err(format!("`{word}` is not allowed: every Rust block is compiled")),
        // It would write into the folder of the crate's own build script.
        None if fence.text.contains("crdgen_build::") && !fence.attributes.iter().any(|word| word == "no_run") => {
            Err("a build script needs `no_run`".to_owned())
        }
        None => Ok(()),
    }
}

/// First keys of TOML that is not `crdgen.toml`.
const OTHER_TOML: [&str; 7] = [
    "[package]",
    "[dependencies]",
    "[build-dependencies]",
    "[dev-dependencies]",
    "[features]",
    "[workspace]",
    "[profile.",
];

fn toml(text: &str) -> Result<(), String> {
    let table = text.parse::<toml::Table>().map_err(|error| error.to_string())?;
    if text.starts_with("version = 1") {
        let source = Arc::new(Source { name: "crdgen.toml".to_owned(), text: text.to_owned() });
        return Config::parse(&source).map(drop).map_err(|found| crdgen::text::lines(&found));
    }
    let first = text.lines().find(|line| !line.starts_with('#') && !line.is_empty()).unwrap_or_default();
    match OTHER_TOML.iter().any(|other| first.starts_with(other)) || table.is_empty() {
        true => Ok(()),
        false => Err(format!("`{first}`: a crdgen.toml begins with `version = 1`, other TOML with {OTHER_TOML:?}")),
    }
}

fn yaml(text: &str) -> Result<(), String> {
    let mut found = Vec::new();
    let source = Arc::new(Source { name: "yaml".to_owned(), text: text.to_owned() });
    documents(&source, &mut found);
    if text.lines().any(|line| line.trim() == "kind: CustomResourceDefinition") {
        found = pipeline::read(&["-".to_owned()], text.as_bytes()).diagnostics;
    }
    let errors: Vec<_> =
        found.iter().filter(|found| found.severity == Severity::Error).map(crdgen::text::lines).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("\n")) }
}

#[test]
fn every_fence_is_tested_or_of_a_language_that_cannot_be() {
    let mut findings = Vec::new();
    for page in book_and_readme() {
        for fence in &page.fences {
            if let Err(problem) = check(fence) {
                findings.push(format!("{}: {problem}", page.at(fence.line)));
            }
        }
    }
    none(&findings);
}

#[test]
fn a_fence_that_is_wrong_is_found() {
    let checked = |info: &str, text: &str| {
        let mut words = info.split(',').map(str::to_owned);
        let language = words.next().unwrap();
        check(&Fence { language, attributes: words.collect(), text: text.to_owned(), line: 1, file: None }).is_ok()
    };
    for (info, text, expected) in [
        ("rust", "", true),
        ("rust,no_run", "", true),
        ("rust,ignore", "", false),
        ("rust", "crdgen_build::configure()", false),
        ("", "", false),
        ("go", "", false),
        ("console,ignore", "", false),
        ("toml", "version = 1\n[rust]\ndir = 'src'\n", true),
        ("toml", "version = 1\n[rust]\ndirectory = 'src'\n", false),
        ("toml", "[rust]\ndir = 'src'\n", false),
        ("toml", "[dependencies]\nanyhow = \"1\"\n", true),
        ("yaml", "a: [1]\n", true),
        ("yaml", "a: [1\n", false),
        ("yaml", "kind: CustomResourceDefinition\napiVersion: apiextensions.k8s.io/v1beta1\n", false),
        ("json", "{}", true),
        ("json", "{...}", false),
    ] {
        assert_eq!(checked(info, text), expected, "{info}: {text}");
    }
}
