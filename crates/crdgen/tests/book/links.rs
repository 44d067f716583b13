//! Links between pages.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::contents::planned;
use crate::page::{BOOK, Page, book, none};

/// Returns the problem of a link on a page, if there is one.
fn problem(target: &str, page: &Page, pages: &BTreeMap<PathBuf, Page>) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = match path {
        "" => page.path.clone(),
        path => path_clean::clean(page.path.parent().unwrap_or(Path::new("")).join(path)),
    };
    if !path.starts_with(BOOK) {
        return Some(format!("`{target}` leads out of the book: link to the repository by its URL"));
    }
    let Some(page) = pages.get(&path) else {
        return (!planned().contains(&path)).then(|| format!("`{target}` does not exist"));
    };
    let is_there = anchor.is_empty() || page.headings.iter().any(|heading| heading.anchor == anchor);
    (!is_there).then(|| format!("`{target}`: {} has no heading `{anchor}`", path.display()))
}

#[test]
fn every_link_leads_to_a_page_and_a_heading() {
    let pages: BTreeMap<PathBuf, Page> = book().into_iter().map(|page| (page.path.clone(), page)).collect();
    let mut findings = Vec::new();
    for page in pages.values() {
        for link in &page.links {
            findings.extend(
                problem(&link.target, page, &pages).map(|problem| format!("{}: {problem}", page.at(link.line))),
            );
        }
    }
    none(&findings);
}

#[test]
fn a_link_that_leads_nowhere_is_found() {
    let a = Page::parse(Path::new("docs/src/reference/a.md"), "# One two\n");
    let pages = BTreeMap::from([(a.path.clone(), a)]);
    let b = Page::parse(Path::new("docs/src/b.md"), "# B\n");
    for (target, is_there) in [
        ("https://example.org/x.md#y", true),
        ("reference/a.md", true),
        ("reference/a.md#one-two", true),
        ("reference/a.md#two", false),
        ("a.md", false),
        ("../clients.md", false),
    ] {
        assert_eq!(problem(target, &b, &pages).is_none(), is_there, "{target}");
    }
}
