//! `roundtrip`: the generated types read every object that an API server stored and write it again, and the results are
//! compared.
//!
//! The types of the required kinds are generated and compiled into a few scratch programs. The comparison of their
//! output is done here and is exact about numbers and nulls.

mod case;
mod cases;
pub mod difference;
mod probe;
mod quirk;
mod random;
mod report;
mod scratch;
mod types;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use crdgen_emit::rust;
use crdgen_harness::{Verdict, workspace};

use crate::corpus::{self, Project};
use cases::{Case, Cases};
use difference::Difference;
use report::{Outcome, Report};
use scratch::{Answer, Program};
use types::Types;

/// Read every object that an API server stored with the generated types, write it, and compare.
#[derive(clap::Args)]
pub struct Args {
    /// CRD files: a file, a folder with one folder per project, or a .tar.xz of one [default:
    /// $CRDGEN_CORPUS/corpus/crds.tar.xz]
    #[arg(long, value_name = "PATH")]
    crds: Option<PathBuf>,
    /// Verdicts of an API server, as JSON lines or field probes, plain or .xz; may be repeated [default: those in
    /// $CRDGEN_CORPUS/cases]
    #[arg(long, value_name = "FILE")]
    cases: Vec<PathBuf>,
    /// Add N random objects of each kind that has cases, made from its schema.
    #[arg(long, value_name = "N", default_value_t = 0)]
    random: u32,
    /// Source of serde's traits for the types.
    #[arg(long, value_enum, default_value_t)]
    serde: Serde,
    /// Source of Kubernetes' own types.
    #[arg(long, value_enum, default_value_t)]
    known_types: KnownTypes,
    /// Print one JSON object at the end.
    #[arg(long)]
    json: bool,
}

/// Value of `rust.serde` in a project's config.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Serde {
    #[default]
    Expanded,
    Derive,
}

/// Value of `rust.known-types` in a project's config.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum KnownTypes {
    #[default]
    Generate,
    K8sOpenapi,
}

/// Files that are read by default.
const DEFAULT_CASES: [&str; 3] = ["instances.jsonl.xz", "diff_corpus.jsonl.xz", "field_probes.json"];

/// Carries objects that an API server stored through their generated types and back, and prints the differences.
pub fn run(args: &Args) -> Result<Verdict> {
    let _alone = workspace::exclusive("roundtrip")?;
    let mut stage = Stage::start();
    let Cases { mut cases, probes } = case::read(&files(args))?;
    stage.done(&format!("read {} accepted objects", cases.len()));

    let mut projects = corpus::projects(&args.crds.clone().unwrap_or_else(corpus::default_path))?;
    projects.push(Project::of("field-probes", probes));
    let types = types::generate(&projects, &cases, &options(args));
    stage.done(&format!("generated the types of {} kinds in {} runs", types.roots.len(), types.units.len()));

    if args.random > 0 {
        let made = random::cases(&types, args.random)?;
        stage.done(&format!("made {} random objects", made.len()));
        cases.extend(made);
    }
    let programs = scratch::compile(&types)?;
    stage.done(&format!("compiled {} programs", programs.len()));

    let report = judge(&cases, &types, &programs)?;
    stage.done("read, wrote and compared");
    report.print(args.json)?;
    Ok(report.verdict())
}

/// Returns the options for types without a client and without conversions.
fn options(args: &Args) -> rust::Options {
    let serde = match args.serde {
        Serde::Expanded => rust::Serde::Expanded,
        Serde::Derive => rust::Serde::Derive,
    };
    let known_types = match args.known_types {
        KnownTypes::Generate => rust::KnownTypes::Generate,
        KnownTypes::K8sOpenapi => rust::KnownTypes::K8sOpenapi,
    };
    let (client, conversions) = (rust::Client::None, rust::Conversions::None);
    rust::Options { client, serde, known_types, conversions, ..rust::Options::default() }
}

fn files(args: &Args) -> Vec<PathBuf> {
    match args.cases.is_empty() {
        true => DEFAULT_CASES.iter().map(|name| workspace::data().join("cases").join(name)).collect(),
        false => args.cases.clone(),
    }
}

/// Runs the programs on all cases.
fn judge(cases: &[Case], types: &Types, programs: &[Program]) -> Result<Report> {
    let mut report = Report::default();
    let mut asked: Vec<Vec<&Case>> = programs.iter().map(|_| Vec::new()).collect();
    for case in cases {
        let Some(root) = types.root(case) else {
            let reason = types.why_not(case);
            report.add(case, Outcome::Refused(Difference::refusal(String::new(), reason)));
            continue;
        };
        match quirk::holds_list_for_text(&root.schema, &case.object) {
            true => report.add(case, Outcome::Quirk),
            false => asked[scratch::program_of(programs, root)].push(case),
        }
    }
    for (program, cases) in programs.iter().zip(asked) {
        let questions = cases.iter().map(|case| (types.root(case).expect("it was asked for"), &case.object));
        let answers = program.ask(questions).with_context(|| format!("cannot run {}", program.name))?;
        for (case, answer) in cases.iter().zip(answers) {
            report.add(case, outcome(case, answer));
        }
    }
    Ok(report)
}

fn outcome(case: &Case, answer: Answer) -> Outcome {
    match answer {
        Answer::Refused(reason) => Outcome::Refused(reason),
        Answer::Written(written) => match difference::between(&case.object, &written) {
            differences if differences.is_empty() => Outcome::Exact,
            differences => Outcome::Differs(differences),
        },
    }
}

/// Progress messages on standard error with the time of each step.
struct Stage {
    started: Instant,
}

impl Stage {
    fn start() -> Self {
        Self { started: Instant::now() }
    }

    fn done(&mut self, what: &str) {
        eprintln!("{what} [{:.1} s]", self.started.elapsed().as_secs_f64());
        self.started = Instant::now();
    }
}
