//! `docs-site`, without the browser: reference pages of all CRDs of a collection. Every link is followed, and every example
//! is judged by an API server's admission.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use cpu_time::ProcessTime;
use crdgen::pipeline::{self, Docs, Output, Selection, Targets};
use crdgen_harness::{Verdict, workspace};
use crdgen_schema::{Admission, Crd, Source, documents};

use crate::corpus::{self, Project};
use crate::optimised;

/// Write reference pages of all CRDs of a collection, and check their links and examples.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(skip)]
pub struct Args {
    /// CRD files in one folder a project: a folder, or a .tar.xz of one [default: $CRDGEN_CORPUS/corpus/crds.tar.xz, or
    /// the CRDs of `fixtures/accepted`]
    #[arg(long, value_name = "PATH")]
    crds: Option<PathBuf>,
}

/// Most CPU seconds for reading the CRDs and writing the pages.
const MOST_SECONDS: f64 = 10.0;

/// Returns the folder of the pages. Each project has a site in it.
pub fn folder() -> PathBuf {
    workspace::scratch("docs-site/sites")
}

/// Writes the pages and prints figures. A debug build starts an optimised build of the task.
pub fn run(args: &Args) -> Result<Verdict> {
    if cfg!(debug_assertions) {
        return optimised::rerun("docs-site");
    }
    let folder = folder();
    workspace::empty(&folder)?;
    let mut figures = Figures::default();
    let start = ProcessTime::now();
    for project in projects(args)? {
        for set in project.sets().sets {
            let output = generated(&set.crds).with_context(|| set.name.clone())?;
            figures.seconds = start.elapsed().as_secs_f64() - figures.checking;
            let check = ProcessTime::now();
            figures.check(&set.crds, &output);
            write(&folder.join(&set.name), &output)?;
            figures.checking += check.elapsed().as_secs_f64();
        }
    }
    figures.print();
    let is_good = figures.problems.is_empty() && figures.seconds <= MOST_SECONDS;
    Ok(if is_good { Verdict::Good } else { Verdict::Findings })
}

fn projects(args: &Args) -> Result<Vec<Project>> {
    let default = corpus::default_path();
    match &args.crds {
        Some(path) => corpus::projects(path),
        None if default.exists() => corpus::projects(&default),
        None => corpus::projects(&workspace::root().join("fixtures/accepted")),
    }
}

fn generated(crds: &[Crd]) -> Result<Output> {
    let targets = Targets { docs: Some(Docs { names: true }), ..Targets::default() };
    Ok(pipeline::generate(crds, &Selection::default(), &targets, &Default::default())?)
}

fn write(folder: &Path, output: &Output) -> Result<()> {
    output.docs.iter().try_for_each(|(path, text)| workspace::write(&folder.join(path), text))
}

#[derive(Default)]
struct Figures {
    pages: usize,
    bytes: usize,
    links: usize,
    examples: usize,
    /// Versions without an example.
    without: usize,
    problems: Vec<String>,
    /// CPU seconds for reading and generating, and for checking and writing.
    seconds: f64,
    checking: f64,
}

impl Figures {
    fn print(&self) {
        self.problems.iter().take(50).for_each(|problem| println!("{problem}"));
        let Self { pages, bytes, links, examples, without, .. } = self;
        println!("{pages} pages, {:.1} MB, {:.2} s CPU with reading", *bytes as f64 / 1e6, self.seconds);
        println!("{links} links; {examples} examples accepted, {without} versions without one");
        println!("{} problems", self.problems.len());
    }

    fn check(&mut self, crds: &[Crd], output: &Output) {
        let files = &output.docs;
        self.bytes += files.values().map(String::len).sum::<usize>();
        let pages = files.iter().filter(|(path, _)| path.ends_with(".html"));
        let ids: BTreeMap<&str, HashSet<&str>> =
            pages.clone().map(|(path, text)| (path.as_str(), between(text, " id=\"").collect())).collect();
        for (path, text) in pages {
            self.pages += 1;
            for link in between(text, " href=\"").filter(|link| !link.starts_with("http")) {
                self.links += 1;
                let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
                let target = resolved(path, file);
                let is_there = match ids.get(target.as_str()) {
                    Some(ids) => anchor.is_empty() || ids.contains(anchor),
                    None => files.contains_key(&target),
                };
                if !is_there {
                    self.problems.push(format!("{path}: the link {link} leads nowhere"));
                }
            }
        }
        for crd in crds {
            for version in crd.versions.iter().filter(|version| version.served) {
                let path = format!("{}/{}/{}.html", crd.group, crd.names.plural, version.name);
                let Some(page) = files.get(&path) else { continue };
                self.examples(page, &Admission::for_version(crd, version), &format!("{} {}", crd.name, version.name));
            }
        }
    }

    fn examples(&mut self, page: &str, admission: &Admission, name: &str) {
        let mut count = 0;
        for example in page.split("<pre class=\"example\"").skip(1) {
            count += 1;
            let text =
                example.split_once("<code>").and_then(|(_, rest)| rest.split_once("</code>")).unwrap_or_default().0;
            let source = Arc::new(Source { name: "example".to_owned(), text: unescaped(text) });
            let documents = documents(&source, &mut Vec::new());
            let verdict = documents.first().map(|document| admission.validate(&document.root.to_json(), None));
            match verdict {
                Some(verdict) if verdict.is_accepted() && verdict.is_decided() => self.examples += 1,
                verdict => self.problems.push(format!("{name}: an example is refused: {verdict:?}")),
            }
        }
        self.without += usize::from(count == 0);
    }
}

/// Returns the texts between a prefix and the next quotation mark.
fn between<'t>(text: &'t str, prefix: &'static str) -> impl Iterator<Item = &'t str> {
    text.split(prefix).skip(1).filter_map(|rest| rest.split_once('"')).map(|(text, _)| text)
}

/// Returns the path of the file that a link of a page leads to.
fn resolved(page: &str, file: &str) -> String {
    if file.is_empty() {
        return page.to_owned();
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            ".." => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn unescaped(html: &str) -> String {
    let pairs = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    pairs.iter().fold(html.to_owned(), |text, (from, to)| text.replace(from, to))
}
