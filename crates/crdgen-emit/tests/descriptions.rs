//! Random descriptions, hostile as random text is not: nothing of them runs, loads or leads astray, in rustdoc's own view
//! and in the parser's.

use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use crdgen_emit::fuzzing::{Dialect, documented, safe};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

/// Pieces of Markdown that begin blocks, end lines, or have a meaning within a line.
const PARTS: &[&str] = &[
    // Lines and indentation.
    "\n",
    "\n",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\u{2028}",
    "\u{85}",
    " ",
    "  ",
    "    ",
    "      ",
    "\t",
    // Blocks.
    "- ",
    "* ",
    "+ ",
    "1. ",
    "1) ",
    "7. ",
    "123456789. ",
    "-\n",
    "> ",
    ">",
    ">= ",
    "# ",
    "###### ",
    "===\n",
    "---\n",
    "***\n",
    "```",
    "```\n",
    "```rust\n",
    "```rust,should_panic\n",
    "~~~",
    "~~~\n",
    "~~~ rust\n",
    "````\n",
    ":   ",
    "$$",
    "+++\n",
    "| a | b |\n",
    "|---|---|\n",
    "|:-\n",
    "| ",
    "[a]: ",
    "[a]: javascript:b\n",
    "[^a]: ",
    "[!NOTE]\n",
    "- [ ] ",
    // HTML.
    "<",
    "<b>",
    "</b>",
    "<br/>",
    "<div>",
    "<div>\n",
    "</div>\n",
    "<script>",
    "</script>",
    "<style>",
    "<pre>\n",
    "<!--",
    "-->",
    "<?php ",
    "?>",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE x>",
    "<evil-tag a=\"b\">",
    "<img src=evil onerror=evil()>",
    "<a href='javascript:evil'>",
    "&lt;",
    "&#60;",
    "&#x3c;",
    "&#10;",
    "&#32;",
    "&#9;",
    "&Tab;",
    "&NewLine;",
    "&colon;",
    "&amp;",
    "&grave;",
    "&#0;",
    "&#x202e;",
    "&",
    // Links.
    "[",
    "]",
    "[a]",
    "[a][b]",
    "[^a]",
    "[[a]]",
    "[`S0`]",
    "[crate::S0]",
    "[S0](S1)",
    "](",
    "](javascript:evil)",
    "](<javascript:evil>)",
    "](data:text/html,evil)",
    "](//evil)",
    "](#evil)",
    "](S0)",
    "](https://a.b/c)",
    "](https://a.b \"t\")",
    "![",
    "![a](https://a.b/evil.png)",
    "<https://a.b/c>",
    "<javascript:evil>",
    "<data:evil>",
    "<a@b.c>",
    "https://a.b/c_d*e*",
    "http://a.b).",
    "https://",
    "www.a.b",
    "JavaScript:evil",
    "mailto:a@b.c",
    // Inline marks.
    "`",
    "`",
    "``",
    "` a `",
    "*",
    "**",
    "_",
    "__",
    "~",
    "~~",
    "\\",
    "\\`",
    "\\\n",
    "^",
    "$",
    "=",
    "==",
    "|",
    "!",
    "\"",
    "'",
    "{#evil}",
    // What comments and their tools know.
    "*/",
    "/*",
    "//",
    "@deprecated ",
    "@ts-ignore",
    "@",
    "{@link S0}",
    "{",
    "}",
    "#",
    "#[",
    "#!",
    "\u{0}",
    "\u{7}",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{2066}",
    "\u{feff}",
    "\u{200b}",
    "\u{a0}",
    // Words.
    "a",
    "a",
    "b ",
    "fn main() {}",
    "compile_error!(\"it runs\");",
    "PodSpec",
    "foo_bar",
    "日本",
    "1",
    "1.5",
    "true",
];

fn descriptions() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PARTS), 1..24).prop_map(|parts| parts.concat())
}

const DIALECTS: [Dialect; 3] = [Dialect::Rustdoc, Dialect::OpenApi, Dialect::JsDoc];

fn everything() -> Options {
    Options::all() - Options::ENABLE_WIKILINKS
}

/// Returns the first active part of a text (HTML, an image, a footnote), as a parser with some extensions sees it.
fn active(text: &str, options: Options) -> Option<String> {
    let acts = |event: &Event<'_>| match event {
        Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Image { .. } | Tag::FootnoteDefinition(_)) => true,
        Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => true,
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => &**info != "text",
        Event::Start(Tag::Link { dest_url, .. }) => {
            !["http://", "https://"].iter().any(|web| dest_url.to_lowercase().starts_with(web))
        }
        _ => false,
    };
    Parser::new_ext(text, options).find(acts).map(|event| format!("{event:?}"))
}

/// Enough cases for a grammar of this size; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases * 8, failure_persistence: None, ..usual }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_in_a_description_is_active(text in descriptions()) {
        for dialect in DIALECTS {
            let written = safe(&text, dialect);
            for options in [Options::empty(), Options::ENABLE_TABLES, everything()] {
                prop_assert_eq!(active(&written, options), None, "{:?}: {:?}", dialect, written);
            }
        }
    }

    #[test]
    fn no_description_ends_a_comment_or_begins_a_tag(text in descriptions()) {
        for dialect in [Dialect::OpenApi, Dialect::JsDoc] {
            prop_assert!(!safe(&text, dialect).contains("*/"));
        }
        let written = safe(&text, Dialect::JsDoc);
        for (at, _) in written.match_indices('@') {
            let before = written[..at].chars().next_back();
            prop_assert!(before.is_some_and(|c| c.is_alphanumeric() || c.is_ascii_punctuation() && c != '{'), "{:?}", written);
        }
    }

    #[test]
    fn no_word_of_a_description_is_lost(text in descriptions()) {
        const WORD: &str = "日本";
        // What stands behind a fence names a language, and is not shown.
        let is_info = |line: &str| line.contains(WORD) && (line.contains("```") || line.contains("~~~"));
        prop_assume!(!text.split(['\n', '\r', '\u{2028}', '\u{85}']).any(is_info));
        for dialect in DIALECTS {
            let written = safe(&text, dialect);
            prop_assert_eq!(written.matches(WORD).count(), text.matches(WORD).count(), "{:?}: {:?}", dialect, written);
        }
    }
}

/// A file of structs with random descriptions, the same for the same seed.
fn documented_file(folder: &Path) -> std::path::PathBuf {
    let mut runner = TestRunner::new(ProptestConfig::default());
    let texts: Vec<String> =
        (0..1_500).map(|_| descriptions().new_tree(&mut runner).expect("a text").current()).collect();
    let path = folder.join("documented.rs");
    fs::write(&path, format!("//! Random.\n{}", documented(&texts).expect("it is Rust"))).expect("it is written");
    path
}

fn run(program: &str, arguments: &[&str], file: &Path) -> Output {
    let mut command = Command::new(env::var_os(program.to_uppercase()).unwrap_or_else(|| program.into()));
    command.args(["--edition", "2024"]).args(arguments).arg(file).current_dir(file.parent().expect("a folder"));
    command.output().unwrap_or_else(|error| panic!("{program}: {error}"))
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn rustdoc_finds_no_test_nothing_to_warn_of_and_shows_nothing_active() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = documented_file(folder.path());
    let listed = run("rustdoc", &["--test", "--test-args", "--list"], &file);
    assert!(listed.status.success(), "{}", said(&listed));
    assert!(String::from_utf8_lossy(&listed.stdout).contains("0 tests, 0 benchmarks"), "{}", said(&listed));

    let lints = [
        "warnings",
        "rustdoc::broken_intra_doc_links",
        "rustdoc::private_intra_doc_links",
        "rustdoc::invalid_codeblock_attributes",
        "rustdoc::invalid_html_tags",
        "rustdoc::invalid_rust_codeblocks",
        "rustdoc::bare_urls",
        "rustdoc::unescaped_backticks",
        "rustdoc::redundant_explicit_links",
    ];
    let denied: Vec<&str> = lints.iter().flat_map(|lint| ["-D", lint]).collect();
    let pages = run("rustdoc", &[denied.as_slice(), &["--out-dir", "pages"]].concat(), &file);
    assert!(pages.status.success(), "{}", said(&pages));
    for page in fs::read_dir(folder.path().join("pages/documented")).expect("pages") {
        let html = fs::read_to_string(page.expect("a page").path()).expect("HTML");
        assert_eq!(active_html(&html), None);
    }
}

/// An element of a page that rustdoc does not write by itself.
fn active_html(html: &str) -> Option<&str> {
    let shown = html.split("class=\"docblock\">").skip(1).filter_map(|rest| rest.split("</details>").next());
    shown.flat_map(|docs| docs.match_indices('<').map(|(at, _)| &docs[at..])).find(|tag| {
        let name =
            tag[1..].trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        let plain = [
            "p",
            "ul",
            "ol",
            "li",
            "code",
            "pre",
            "em",
            "strong",
            "del",
            "blockquote",
            "hr",
            "br",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "div",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "span",
            "sup",
            "input",
            "details",
            "section",
            "main",
        ];
        let link = ["<a href=\"http://", "<a href=\"https://", "<a class=\"doc-anchor\" href=\"#", "</a"];
        !plain.contains(&name) && !link.iter().any(|link| tag.starts_with(link))
    })
}

#[test]
fn clippy_has_nothing_to_say_of_descriptions() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = documented_file(folder.path());
    if Command::new("clippy-driver").arg("--version").output().is_err() {
        return;
    }
    let lints = [
        "-D",
        "warnings",
        "-D",
        "clippy::all",
        "-D",
        "clippy::pedantic",
        "-A",
        "clippy::doc_markdown",
        "-A",
        "clippy::doc_link_with_quotes",
    ];
    let output = run("clippy-driver", &[&lints[..], &["--crate-type", "lib", "--emit", "metadata"]].concat(), &file);
    assert!(output.status.success(), "{}", said(&output));
}
