//! `docs-site`: reference pages of all CRDs of a collection, checked as files and in a browser.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use crdgen_harness::tools::{Missing, Web, chromium};
use crdgen_harness::{Verdict, process, workspace};
use crdgen_lab::pages;

/// Write reference pages of all CRDs of a collection; check links, examples, and pages in a browser.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    pages: pages::Args,
    /// Check the files only.
    #[arg(long)]
    no_browser: bool,
    /// Check the pages of the last run in a browser only.
    #[arg(long, conflicts_with = "no_browser")]
    browser_only: bool,
}

/// Tests of the pages and the settings of their runner.
const TESTS: [(&str, &str); 2] = [
    ("tests/pages.spec.ts", include_str!("docs_site/pages.spec.ts")),
    ("playwright.config.ts", include_str!("docs_site/playwright.config.ts")),
];

pub fn run(args: &Args) -> Result<Verdict> {
    if !args.browser_only && pages::run(&args.pages)? == Verdict::Findings {
        return Ok(Verdict::Findings);
    }
    // The optimised run of the task has done the rest.
    if args.no_browser || !cfg!(debug_assertions) {
        return Ok(Verdict::Good);
    }
    browse().map(|()| Verdict::Good)
}

/// Opens some pages in the system's Chromium.
fn browse() -> Result<()> {
    let (web, browser) = match (Web::set_up()?, chromium::set_up()?) {
        (Ok(web), Ok(browser)) => (web, browser),
        (Err(Missing(what)), _) | (_, Err(Missing(what))) => bail!("{what}"),
    };
    let folder = workspace::scratch("docs-site/browser");
    workspace::empty(&folder)?;
    for (path, text) in TESTS {
        workspace::write(&folder.join(path), text)?;
    }
    web.lend_packages(&folder)?;
    let mut tests = web.playwright();
    tests.current_dir(&folder).env("CHROMIUM", browser);
    tests.env("PAGES", chosen(&pages::folder())?.join("\n")).env("SHOTS", folder.join("screenshots"));
    let outcome = process::run(&mut tests);
    eprintln!("screenshots: {}", folder.join("screenshots").display());
    outcome
}

/// Returns the index with the most kinds, and pages of kinds of different sizes.
fn chosen(folder: &Path) -> Result<Vec<String>> {
    let mut pages = Vec::new();
    collect(folder, &mut pages)?;
    pages.sort();
    let (indexes, mut kinds): (Vec<_>, Vec<_>) = pages.into_iter().partition(|(_, path)| path.ends_with("index.html"));
    let index = indexes.into_iter().next_back().context("there is no page: run `cargo xtask docs-site`")?.1;
    kinds.dedup_by_key(|(size, _)| *size);
    let places = [kinds.len() / 10, kinds.len() / 2, kinds.len() * 9 / 10];
    let chosen = places.into_iter().filter_map(|at| kinds.get(at)).map(|(_, path)| path.clone());
    let paths: Vec<PathBuf> = std::iter::once(index).chain(chosen).collect();
    Ok(paths.iter().map(|path| path.display().to_string()).collect())
}

/// Adds the pages below a folder with their sizes.
fn collect(folder: &Path, pages: &mut Vec<(u64, PathBuf)>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, pages)?;
        } else if path.extension().is_some_and(|extension| extension == "html") {
            pages.push((fs::metadata(&path)?.len(), path));
        }
    }
    Ok(())
}
