//! Every format is read by a parser of that format and must give the findings back, also those with hostile text.

use std::path::{Path, PathBuf};
use std::process;
use std::sync::Arc;
use std::{env, fs};

use crdgen_schema::{Diagnostic, Source, Span};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use quick_junit::NonSuccessKind;
use quick_junit::TestCaseStatus::{NonSuccess, Success};
use serde_json::{Value as Json, json};

use super::*;
use crate::report::{Finding, Level};

/// Text that would end a command, an element, a table, a fence or a comment.
const HOSTILE: &str = "%0A::error::]]> </failure> `x`` | \u{1b}[2J\n::warning::\u{fffe} ![i](http://evil.example/i) \
                       @everyone #1 www.evil.example <img src=x> --> ``` a,b:c";

fn finding(code: &'static str, level: Level, message: &str) -> Finding {
    let source = Arc::new(Source { name: "./crds/a boat:1.yaml".into(), text: "a: 1\nb: 2\n".into() });
    let diagnostic = Diagnostic::error(code, message)
        .at(&source, Span { offset: 5, line: 2, column: 4 })
        .path("boats.example.com: spec.versions[0]")
        .help("write one");
    Finding::new(diagnostic, "boats.example.com v1").field("spec.weight").level(level)
}

fn report() -> Report {
    let hostile = finding("schema::default", Level::Error, HOSTILE).note("object <b>", HOSTILE);
    let twin = finding("schema::default", Level::Error, "the second one at this path");
    let warning = finding("schema::enum", Level::Warning, "plain");
    let placeless = Finding::new(Diagnostic::warning("source::missing", "no file"), "nowhere").level(Level::Note);
    let findings = vec![hostile, twin, warning, placeless];
    Report { command: "crdgen lint", findings, summary: "1 CRD, 2 errors".into(), anchor: "crdgen.toml".into() }
}

fn empty() -> Report {
    Report { findings: Vec::new(), ..report() }
}

fn parsed(format: Format, report: &Report) -> Json {
    serde_json::from_str(&report.render(format)).expect("JSON")
}

#[test]
fn json_has_a_row_for_each_finding_and_fits_its_schema() {
    let schema: Json = serde_json::from_str(&json::schema()).expect("JSON");
    let mut report = report();
    report.findings[2].data.insert("kind".into(), "Boat".into());
    let rows = parsed(Format::Json, &report);
    assert!(jsonschema::is_valid(&schema, &rows), "{rows:#}");
    assert!(jsonschema::is_valid(&schema, &parsed(Format::Json, &empty())));
    assert_eq!(rows[0]["message"], HOSTILE);
    assert_eq!((&rows[0]["line"], &rows[0]["column"]), (&2.into(), &4.into()));
    assert_eq!(rows[2]["kind"], "Boat");
    assert_eq!(rows[3]["severity"], "note");
    assert_ne!(rows[0]["fingerprint"], rows[1]["fingerprint"], "findings at one path are told apart");
    let broken = json!([{ "severity": "fatal" }]);
    assert!(!jsonschema::is_valid(&schema, &broken));
}

/// Compares the published copy of the JSON Schema. Writes it if the variable `UPDATE` is set.
#[test]
fn the_published_json_schema_is_up_to_date() {
    const COPY: &str = "docs/report.schema.json";
    let copy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(COPY);
    if env::var_os("UPDATE").is_some() {
        fs::write(&copy, json::schema()).unwrap();
    }
    let written = fs::read_to_string(&copy).unwrap_or_default();
    assert!(written == json::schema(), "{COPY} is out of date: run `cargo run -p crdgen -- schema report > {COPY}`");
}

#[test]
fn the_published_json_schema_of_diff_is_up_to_date() {
    const COPY: &str = "docs/diff.schema.json";
    let copy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(COPY);
    if env::var_os("UPDATE").is_some() {
        fs::write(&copy, diff_schema()).unwrap();
    }
    let written = fs::read_to_string(&copy).unwrap_or_default();
    assert!(written == diff_schema(), "{COPY} is out of date: run `cargo run -p crdgen -- schema diff > {COPY}`");
}

fn cargo(args: &[&str]) -> String {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output =
        process::Command::new(cargo).args(args).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Returns the official schema of SARIF 2.1.0, which is part of the sources of `serde-sarif`.
fn sarif_schema() -> Json {
    // Without the platform, cargo needs the packages of all platforms.
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("a platform");
    let metadata = cargo(&["metadata", "--format-version", "1", "--offline", "--filter-platform", host]);
    let metadata: Json = serde_json::from_str(&metadata).expect("JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").expect("a dependency of the tests");
    let manifest = PathBuf::from(package["manifest_path"].as_str().expect("a path"));
    let text = fs::read_to_string(manifest.with_file_name("src").join("schema.json")).expect("the schema of SARIF");
    let mut schema: Json = serde_json::from_str(&text).expect("JSON");
    // A bracket too many makes this pattern no regular expression with Unicode. No report has a language.
    for definition in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][definition]["properties"]["language"];
        language.as_object_mut().expect("a schema").remove("pattern").expect("a pattern");
    }
    schema
}

#[test]
fn sarif_fits_the_official_schema() {
    let schema = sarif_schema();
    assert_eq!(schema["title"], "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema");
    let validator = jsonschema::draft7::new(&schema).expect("a schema");
    for report in [report(), empty()] {
        let log = parsed(Format::Sarif, &report);
        let errors: Vec<_> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        serde_json::from_value::<serde_sarif::sarif::Sarif>(log).expect("a library for SARIF reads it");
    }
    let mut broken = parsed(Format::Sarif, &report());
    broken["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!validator.is_valid(&broken));
}

#[test]
fn sarif_has_rules_places_and_fingerprints() {
    let log = parsed(Format::Sarif, &report());
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 4);
    assert_eq!(run["tool"]["driver"]["rules"][0]["shortDescription"]["text"], "A default does not fit its own schema");
    assert_eq!(run["tool"]["driver"]["rules"][1]["id"], results[2]["ruleId"]);
    assert_eq!(results[2]["ruleIndex"], 1);
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "crds/a%20boat%3A1.yaml");
    assert_eq!(place["region"], json!({ "startLine": 2, "startColumn": 4 }));
    let anchor = &results[3]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
    assert_eq!(anchor, "crdgen.toml", "code scanning needs a file for every result");
    assert_eq!(results[3]["level"], "note");
    let fingerprint = |index: usize| results[index]["partialFingerprints"]["crdgen/v1"].as_str().expect("text");
    assert_eq!(fingerprint(0).len(), 12);
    assert_ne!(fingerprint(0), fingerprint(1));
}

/// Name, properties and message of a command.
type Command<'a> = (&'a str, Vec<(&'a str, String)>, String);

/// Reads a line as a runner of GitHub does: a command, its properties, and its message.
fn command(line: &str) -> Option<Command<'_>> {
    let unescaped = |text: &str| {
        let text = text.replace("%2C", ",").replace("%3A", ":").replace("%0D", "\r").replace("%0A", "\n");
        text.replace("%25", "%")
    };
    let (head, message) = line.strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ')?;
    let properties = properties.split(',').filter_map(|property| property.split_once('='));
    Some((name, properties.map(|(key, value)| (key, unescaped(value))).collect(), unescaped(message)))
}

#[test]
fn github_gets_one_command_for_each_finding() {
    let text = report().render(Format::Github);
    let commands: Vec<_> = text.lines().filter_map(command).collect();
    assert_eq!(text.lines().count(), 5, "a finding each, and the summary");
    let names: Vec<_> = commands.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, ["error", "error", "warning", "notice"]);
    let (_, properties, message) = &commands[0];
    assert_eq!(properties[0], ("file", "crds/a boat:1.yaml".to_owned()));
    assert_eq!(properties[1..3], [("line", "2".to_owned()), ("col", "4".to_owned())]);
    assert_eq!(properties[3], ("title", "boats.example.com v1: schema::default".to_owned()));
    assert_eq!(*message, format!("{HOSTILE}\nwrite one"));
}

#[test]
fn gitlab_gets_the_fields_that_it_documents() {
    let schema = json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": { "type": "string" },
                "check_name": { "type": "string" },
                "fingerprint": { "type": "string" },
                "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": { "type": "string", "not": { "pattern": "^\\./" } },
                        "lines": { "required": ["begin"], "properties": { "begin": { "type": "integer" } } },
                    },
                },
            },
        },
    });
    let entries = parsed(Format::Gitlab, &report());
    assert!(jsonschema::is_valid(&schema, &entries), "{entries:#}");
    let severities: Vec<_> = entries.as_array().expect("a list").iter().map(|entry| &entry["severity"]).collect();
    assert_eq!(severities, ["major", "major", "minor", "info"]);
    assert_eq!(entries[0]["location"]["path"], "crds/a boat:1.yaml");
    assert_ne!(entries[0]["fingerprint"], entries[1]["fingerprint"], "GitLab drops entries with one fingerprint");
    assert_eq!(parsed(Format::Gitlab, &empty()), json!([]));
}

#[test]
fn junit_has_a_failed_test_for_each_error() {
    let read = quick_junit::Report::deserialize_from_str(&report().render(Format::Junit)).expect("JUnit");
    assert_eq!((read.tests, read.failures), (4, 2));
    let tests = &read.test_suites[0].test_cases;
    assert_eq!(tests[0].name.as_str(), "schema::default spec.weight");
    let NonSuccess { kind: NonSuccessKind::Failure, message, description, .. } = &tests[0].status else {
        panic!("an error is a failure: {:?}", tests[0].status)
    };
    let harmless = HOSTILE.replace('\u{1b}', "?").replace('\u{fffe}', "\u{fffd}");
    assert_eq!(message.as_ref().map(|text| text.as_str().replace('\n', " ")), Some(harmless.replace('\n', " ")));
    assert!(description.as_ref().is_some_and(|text| text.as_str().contains("help: write one")));
    assert!(matches!(tests[2].status, Success { .. }), "a warning is no failure");

    let clean = quick_junit::Report::deserialize_from_str(&empty().render(Format::Junit)).expect("JUnit");
    assert_eq!((clean.tests, clean.failures), (1, 0));
}

/// Returns everything that a comment shows, and asserts that text of a finding does nothing but stand there.
fn shown(markdown: &str) -> String {
    let mut shown = String::new();
    let mut is_in_block = false;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_in_block = true,
            Event::End(TagEnd::CodeBlock) => is_in_block = false,
            Event::Text(text) => {
                // GitHub acts on these in text that is not code.
                let is_active = ["@e", "#1", "://", "www."].iter().any(|active| text.contains(active));
                assert!(is_in_block || !is_active, "{text}");
                shown.push_str(&text);
            }
            Event::Code(text) => shown.push_str(&text),
            Event::SoftBreak => shown.push('\n'),
            Event::Html(html) | Event::InlineHtml(html) => {
                let html = html.replace("<!-- -->", "").replace("<!-- crdgen lint -->", "");
                let html = ["details", "summary"].iter().fold(html.replace("<br>", ""), |html, tag| {
                    html.replace(&format!("<{tag}>"), "").replace(&format!("</{tag}>"), "")
                });
                assert!(!html.contains('<'), "{html}");
                shown.push_str(&html);
            }
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => panic!("a link in {markdown}"),
            _ => {}
        }
    }
    shown
}

#[test]
fn a_comment_shows_hostile_text_and_obeys_none_of_it() {
    let evil = "![i](http://evil.example/i) @everyone #1 www.evil.example <img src=x>";
    let mut report = report();
    report.findings.push(finding("schema::enum", Level::Error, &HOSTILE.replace('`', "")));
    let text = report.render(Format::Markdown);
    assert!(text.starts_with("<!-- crdgen lint -->\n### crdgen lint: 3 errors, 1 warning, 1 note\n"), "{text}");
    assert_eq!(shown(&text).matches(evil).count(), 3, "two messages and a note in {text}");
}

#[test]
fn a_comment_is_bounded_and_says_how_much_it_leaves_out() {
    let many = (0..5000).map(|index| finding("schema::enum", Level::Warning, &format!("number {index}")));
    let mut report = Report { findings: many.collect(), ..empty() };
    report.findings.push(finding("schema::default", Level::Error, &"long ".repeat(100_000)));
    let text = report.render(Format::Markdown);
    assert!(text.len() <= markdown::MAX_LENGTH, "{}", text.len());
    let (_, end) = text.trim_end().rsplit_once("\n\n").expect("an empty line before the end");
    let entries = text.matches("\n- ").count();
    assert_eq!(end, format!("{} more findings left out: a comment cannot be longer.", 5001 - entries));
    assert!(text.contains("\n- ❌"), "errors come first");
    assert!(report.render(Format::Text).contains("number 4999"), "a file has the full text");
}
