//! The table of contents, and tasks that a reader looks up.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::page::{BOOK, Page, book, none, root};

const SUMMARY: &str = "docs/src/SUMMARY.md";

/// Returns the pages that stand in a comment of the table of contents, because nobody has written them yet.
pub fn planned() -> BTreeSet<PathBuf> {
    let text = fs::read_to_string(root().join(SUMMARY)).unwrap();
    let comments = text.lines().filter_map(|line| line.trim().strip_prefix("<!--")?.strip_suffix("-->"));
    comments.flat_map(targets).collect()
}

fn targets(markdown: &str) -> BTreeSet<PathBuf> {
    let page = Page::parse(Path::new(SUMMARY), markdown);
    page.links.iter().map(|link| Path::new(BOOK).join(&link.target)).collect()
}

#[test]
fn the_table_of_contents_has_every_page() {
    let listed = targets(&fs::read_to_string(root().join(SUMMARY)).unwrap());
    let there: BTreeSet<PathBuf> =
        book().into_iter().map(|page| page.path).filter(|path| *path != Path::new(SUMMARY)).collect();
    let missing = there.difference(&listed).map(|path| format!("{} is not in SUMMARY.md", path.display()));
    let extra = listed.difference(&there).map(|path| format!("{} does not exist", path.display()));
    none(&missing.chain(extra).collect::<Vec<_>>());
}

#[test]
fn a_page_begins_with_its_title() {
    let untitled = book().into_iter().filter(|page| page.title().is_empty());
    none(&untitled.map(|page| page.at(1)).collect::<Vec<_>>());
}

/// Tasks that a reader looks up, each with the beginnings of its words.
const TASKS: [(&str, &[&str]); 10] = [
    ("make a field required by the client only", &["field", "required", "client"]),
    ("refuse a write by a rule of mine", &["refuse", "write", "rule"]),
    ("generate from a cluster's CRD", &["generate", "cluster", "crd"]),
    ("run the generator in CI", &["generat", "ci"]),
    ("add derives to a type", &["derive", "type"]),
    ("rename a type", &["rename", "type"]),
    ("hide objects from a caller", &["hide", "object", "caller"]),
    ("watch a kind from the UI", &["watch", "kind", "ui"]),
    ("read only some fields of a big resource", &["read", "field", "resource"]),
    ("upgrade a CRD without renaming types", &["upgrade", "crd", "renam", "type"]),
];

/// Returns whether a heading, together with the title of its page, has words with all these beginnings.
fn answers(page: &Page, wanted: &[&str]) -> bool {
    page.headings.iter().any(|heading| {
        let text = format!("{} {}", page.title(), heading.text).to_lowercase();
        let words: Vec<_> = text.split(|letter: char| !letter.is_alphanumeric()).collect();
        wanted.iter().all(|beginning| words.iter().any(|word| word.starts_with(beginning)))
    })
}

#[test]
fn a_heading_names_each_task() {
    let pages = book();
    let unanswered = TASKS.iter().filter(|(_, wanted)| !pages.iter().any(|page| answers(page, wanted)));
    none(&unanswered.map(|(task, wanted)| format!("no heading says `{task}`: {wanted:?}")).collect::<Vec<_>>());
}
