//! `clients`: OpenAPI documents in other generators and linters. The generated clients are compiled: a generator
//! supports a document only if its output compiles.
//!
//! All tools run in the versions of the lock files in `xtask/clients`, with the recipes of `crdgen init`.

mod compile;
mod document;
mod report;
mod run;
mod subject;
mod toolbox;

use std::path::PathBuf;

use anyhow::{Result, bail};
use crdgen_harness::tools::Missing;
use crdgen_harness::{Verdict, process, workspace};

use document::{Document, Form};
use report::Report;
use subject::{Subject, subjects};
use toolbox::Toolbox;

/// Generate clients from OpenAPI documents and compile them.
#[derive(Default, clap::Args)]
pub struct Args {
    /// Use only this document [default: those of the example, and of three projects of $CRDGEN_CORPUS/corpus/crds.tar.xz]
    #[arg(long, value_name = "FILE")]
    openapi: Option<PathBuf>,
    /// Use the documents of this project of the corpus; may be repeated
    #[arg(long, value_name = "NAME", conflicts_with = "openapi")]
    project: Vec<String>,
    /// Run only these tools, by their names in the matrix; may be repeated
    #[arg(long, value_name = "TOOL")]
    only: Vec<String>,
    /// Print one JSON object at the end.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<Verdict> {
    if let Some(Missing(why)) = missing() {
        bail!("{why}");
    }
    let documents = match &args.openapi {
        Some(file) => vec![Document::file(file)?],
        None if args.project.is_empty() => document::all()?,
        None => document::of_projects(&args.project)?,
    };
    let wanted = |subject: &Subject| args.only.is_empty() || args.only.iter().any(|name| name == subject.name());
    matrix(&documents, subjects().into_iter().filter(wanted).collect(), args.json)
}

/// Runs the quick part of the matrix: the example in OpenAPI 3.0, without the tools that generate Rust.
pub fn quick() -> Result<Verdict> {
    let documents: Vec<_> = document::example()?.into_iter().filter(|document| document.form == Form::V3_0).collect();
    matrix(&documents, subjects().into_iter().filter(Subject::is_quick).collect(), false)
}

/// Returns the first required program that is not installed, if any.
pub fn missing() -> Option<Missing> {
    let needed = [
        ("java", "-version", "Java is not installed"),
        ("go", "version", "Go is not installed"),
        ("npm", "--version", "Node.js with npm is not installed"),
        ("python3", "--version", "Python 3 is not installed"),
    ];
    needed
        .into_iter()
        .find(|(program, question, _)| !process::is_installed_as(program, question))
        .map(|(.., why)| Missing(why))
}

fn matrix(documents: &[Document], subjects: Vec<Subject>, json: bool) -> Result<Verdict> {
    let _alone = workspace::exclusive("clients")?;
    let toolbox = Toolbox::new(&subjects)?;
    let mut report = Report::new(json);
    for document in documents {
        for subject in subjects.iter().filter(|subject| subject.reads(document)) {
            report.add(run::row(*subject, document, &toolbox)?);
        }
    }
    report.end()?;
    Ok(report.verdict())
}
