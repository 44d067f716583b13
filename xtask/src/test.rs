//! `test`: all checks that must pass before a change is merged. The task sets up the tools that it needs, continues
//! after a failure, and ends with a table of times and skipped steps.

use std::env;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use crdgen_harness::check::{self, Finding};
use crdgen_harness::tools::{Missing, Node, Python, Tool};
use crdgen_harness::{Verdict, go, process, workspace};
use crdgen_lab::{corpus, differential, optimised, schemas};

use crate::envtest::{self, Environment};
use crate::golden::{self, Mode};
use crate::{attack, book, browser, cel, circles, clients, e2e, fuzz, package, parity, prose, typescript, whole_loop};

/// Run all checks that must pass before a change is merged.
#[derive(clap::Args)]
pub struct Args {
    /// Leave out the slow steps, such as the corpus.
    #[arg(long)]
    quick: bool,
}

pub fn run(args: &Args) -> Result<Verdict> {
    let mut steps = Steps::default();
    steps.run("rustfmt", format);
    steps.run("clippy", clippy);
    steps.run("doc comments", doc_comments);
    steps.run("circles of files", circles_of_files);
    steps.run("rustdoc", rustdoc);
    steps.run("packages", packages);
    steps.run("dependencies", dependencies);
    steps.run("fuzz targets compile", fuzz_targets);
    steps.run("tests", tests);
    steps.run("one kind alone", one_kind);
    steps.run("types alone", types_alone);
    steps.run("golden files", || golden::golden(Mode::Check).and_then(passed));
    steps.run("example is up to date", example);
    steps.run("generated Rust and formatters", generated_rust);
    steps.run("generated TypeScript", generated_typescript);
    steps.run("generated OpenAPI", generated_openapi);
    steps.run("book", the_book);
    steps.run("CEL", cel);
    steps.run("JSON Schemas of random objects", random_schemas);
    match args.quick {
        true => {
            steps.skip("clients of the example", "--quick");
            steps.skip("corpus", "--quick");
            steps.skip("JSON Schemas of the corpus", "--quick");
            steps.skip("validator", "--quick");
            steps.skip("CEL rules of random CRDs", "--quick");
            steps.skip("attacks", "--quick");
            steps.skip("end to end", "--quick");
            steps.skip("pages in a browser", "--quick");
            steps.skip("the whole loop", "--quick");
            steps.skip("TypeScript client", "--quick");
        }
        false => {
            steps.run("clients of the example", clients_of_the_example);
            steps.run("corpus", corpus_sample);
            steps.run("JSON Schemas of the corpus", schemas);
            steps.run("validator", validator);
            steps.run("CEL rules of random CRDs", random_crds);
            steps.run("attacks", attacks);
            steps.run("end to end", end_to_end);
            steps.run("pages in a browser", pages);
            steps.run("the whole loop", the_loop);
            steps.run("TypeScript client", typescript_client);
        }
    }
    steps.finish()
}

/// Result of a step that did not fail.
enum Outcome {
    Passed,
    Skipped(String),
}

impl From<Missing> for Outcome {
    fn from(missing: Missing) -> Self {
        Self::Skipped(missing.0.to_owned())
    }
}

fn passed(verdict: Verdict) -> Result<Outcome> {
    match verdict {
        Verdict::Good => Ok(Outcome::Passed),
        Verdict::Findings => bail!("see above"),
    }
}

fn format() -> Result<Outcome> {
    process::run(process::cargo().args(["fmt", "--all", "--check"]))?;
    Ok(Outcome::Passed)
}

fn clippy() -> Result<Outcome> {
    let arguments = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"];
    process::run(process::cargo().args(arguments))?;
    Ok(Outcome::Passed)
}

fn doc_comments() -> Result<Outcome> {
    none(prose::findings()?)
}

fn circles_of_files() -> Result<Outcome> {
    none(circles::findings()?)
}

/// `cargo xtask package` also builds a crate from them.
fn packages() -> Result<Outcome> {
    package::package()?;
    Ok(Outcome::Passed)
}

/// Checks licences and sources of dependencies by `deny.toml`. CI also checks advisories, which needs a database from the
/// network.
fn dependencies() -> Result<Outcome> {
    if !process::is_installed("cargo-deny") {
        return Ok(Missing("cargo-deny is not installed: cargo install cargo-deny --locked").into());
    }
    let arguments = ["deny", "--locked", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"];
    process::run(process::cargo().args(arguments))?;
    Ok(Outcome::Passed)
}

fn rustdoc() -> Result<Outcome> {
    let mut cargo = process::cargo();
    cargo.args(["doc", "--quiet", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "--deny warnings");
    process::run(&mut cargo)?;
    Ok(Outcome::Passed)
}

/// Checks the fuzz targets, which form a separate workspace that no other step builds.
fn fuzz_targets() -> Result<Outcome> {
    match fuzz::missing() {
        Some(missing) => Ok(missing.into()),
        None => fuzz::check().map(|()| Outcome::Passed),
    }
}

/// Seed of random tests. It is fixed, so that a change does not fail because of an unrelated random case. The
/// environment may set another seed.
const SEED: (&str, &str) = ("PROPTEST_RNG_SEED", "20260101");

fn tests() -> Result<Outcome> {
    let mut cargo = process::cargo();
    cargo.args(["test", "--quiet", "--workspace"]).env(workspace::DATA, workspace::data());
    if env::var_os(SEED.0).is_none() {
        cargo.env(SEED.0, SEED.1);
    }
    process::run(&mut cargo)?;
    Ok(Outcome::Passed)
}

/// Checks that a module tree with a single feature compiles on its own.
fn one_kind() -> Result<Outcome> {
    for kind in ["gadget", "default-kind"] {
        let features = ["--no-default-features", "--features", kind];
        process::run(process::cargo().args(["check", "--quiet", "--package", "crdgen-extras"]).args(features))?;
    }
    Ok(Outcome::Passed)
}

/// Checks that types without backends need no procedural macros, which would take longer to compile than everything
/// else.
fn types_alone() -> Result<Outcome> {
    let tree = ["tree", "--package", "crdgen-runtime", "--edges", "normal", "--prefix", "none"];
    let output = process::capture(process::cargo().args(tree))?;
    let packages = process::text(&output);
    if !output.status.success() || packages.contains("(proc-macro)") {
        bail!("crdgen-runtime without features is built with:\n{packages}");
    }
    Ok(Outcome::Passed)
}

const EXAMPLE: [&str; 2] = ["examples/ci-service/crdgen.toml", "examples/ci-service/client-rs/crdgen.toml"];

fn example() -> Result<Outcome> {
    let crdgen = golden::build()?;
    for config in EXAMPLE {
        golden::generate(&crdgen, config, Mode::Check).and_then(passed)?;
    }
    Ok(Outcome::Passed)
}

/// Folders with generated Rust.
const RUST: [&str; 4] = [
    "fixtures/golden/src/generated",
    "fixtures/golden/src/derived",
    "fixtures/extras/src/generated",
    "examples/ci-service/src/generated",
];

/// Checks that rustfmt leaves generated files unchanged with any settings, also when it formats a single file.
fn generated_rust() -> Result<Outcome> {
    let mut files = Vec::new();
    for folder in RUST {
        files.extend(workspace::files(&workspace::root().join(folder), "rs")?);
    }
    let changed = corpus::reformatted(&files)?;
    match changed.is_empty() {
        true => Ok(Outcome::Passed),
        false => bail!("rustfmt changes {}", changed.into_iter().collect::<Vec<_>>().join(", ")),
    }
}

/// Folders with generated TypeScript.
const TYPESCRIPT: [&str; 2] = ["fixtures/golden/typescript", "examples/ci-service/web/src/api"];

fn generated_typescript() -> Result<Outcome> {
    let node = match Node::set_up()? {
        Ok(node) => node,
        Err(missing) => return Ok(missing.into()),
    };
    // Works on a copy, because the compiler's settings file must not be among the generated files.
    let _alone = workspace::exclusive("typescript")?;
    let copy = workspace::scratch("typescript");
    workspace::empty(&copy)?;
    for folder in TYPESCRIPT {
        for file in workspace::files(&workspace::root().join(folder), "ts")? {
            let to = copy.join(file.strip_prefix(workspace::root())?);
            workspace::write(&to, &std::fs::read_to_string(&file)?)?;
        }
    }
    none(check::typescript(&node, &copy)?)
}

/// Generated OpenAPI documents.
const OPENAPI: [&str; 2] = ["fixtures/golden/src/generated/api/openapi.json", "examples/ci-service/openapi.json"];

fn generated_openapi() -> Result<Outcome> {
    let (python, node) = match (Python::set_up()?, Node::set_up()?) {
        (Ok(python), Ok(node)) => (python, node),
        (Err(missing), _) | (_, Err(missing)) => return Ok(missing.into()),
    };
    let files = OPENAPI.map(PathBuf::from);
    let mut findings = check::openapi_spec(&python, workspace::root(), &files)?;
    findings.extend(check::openapi_lint(&node, workspace::root(), &files)?);
    none(findings)
}

/// Checks the TypeScript of the pages. The other fences are among the tests.
fn the_book() -> Result<Outcome> {
    match book::play()? {
        Ok(verdict) => passed(verdict),
        Err(missing) => Ok(missing.into()),
    }
}

fn clients_of_the_example() -> Result<Outcome> {
    match clients::missing() {
        Some(missing) => Ok(missing.into()),
        None => clients::quick().and_then(passed),
    }
}

fn none(findings: Vec<Finding>) -> Result<Outcome> {
    for Finding { file, message } in &findings {
        eprintln!("{}: {message}", file.display());
    }
    match findings.len() {
        0 => Ok(Outcome::Passed),
        count => bail!("{count} findings"),
    }
}

fn corpus_sample() -> Result<Outcome> {
    let crds = corpus::default_path();
    if !crds.exists() {
        return Ok(Outcome::Skipped(workspace::no_data(&crds)));
    }
    process::run(optimised::command("corpus").args(["--check", "sample"]))?;
    Ok(Outcome::Passed)
}

fn schemas() -> Result<Outcome> {
    if let Some(missing) = schemas::missing() {
        return Ok(Outcome::Skipped(workspace::no_data(&missing)));
    }
    schemas::run(&schemas::Args::default()).and_then(passed)
}

/// Compares with the rules on the same random objects every time.
fn random_schemas() -> Result<Outcome> {
    schemas::run(&schemas::Args::random(20_000)).and_then(passed)
}

/// Compares with the API server's verdicts in the table, for which nothing has to be built.
fn cel() -> Result<Outcome> {
    cel::run(&cel::Args { offline: true, ..cel::Args::default() }).and_then(passed)
}

/// Validates random objects with a fixed seed, so that a change does not fail because of an unrelated random case.
fn validator() -> Result<Outcome> {
    if let Some(missing) = go::missing() {
        return Ok(missing.into());
    }
    differential::run(&differential::Args { crds: false, cases: 2_000, seed: 1, json: false }).and_then(passed)
}

/// Checks CRDs with mutated and generated rules. The server's code needs twenty times as long as crdgen.
fn random_crds() -> Result<Outcome> {
    if let Some(missing) = go::missing() {
        return Ok(missing.into());
    }
    differential::run(&differential::Args { crds: true, cases: 200, seed: 1, json: false }).and_then(passed)
}

fn attacks() -> Result<Outcome> {
    if cfg!(not(target_os = "linux")) {
        return Ok(Outcome::Skipped("attacks are played on Linux".to_owned()));
    }
    attack::quick().and_then(passed)
}

fn end_to_end() -> Result<Outcome> {
    if let Some(missing) = envtest::missing() {
        return Ok(missing.into());
    }
    e2e::build()?;
    let environment = Environment::start()?;
    e2e::play(&environment, &e2e::Args { only: Vec::new(), writes: 2_000 })?;
    parity::play(&environment, &parity::Args { steps: 2_000, seed: 1, json: false }).and_then(passed)
}

fn typescript_client() -> Result<Outcome> {
    match typescript::missing() {
        Some(missing) => Ok(missing.into()),
        None => typescript::run(&typescript::Args::default()).and_then(passed),
    }
}

fn pages() -> Result<Outcome> {
    browser::play(&browser::Args::default()).map(done)
}

fn the_loop() -> Result<Outcome> {
    whole_loop::play().map(done)
}

fn done(played: Tool<()>) -> Outcome {
    match played {
        Ok(()) => Outcome::Passed,
        Err(missing) => missing.into(),
    }
}

/// Steps that have ended, with their times.
#[derive(Default)]
struct Steps {
    ended: Vec<(&'static str, Duration, Result<Outcome>)>,
}

impl Steps {
    fn run(&mut self, name: &'static str, step: impl FnOnce() -> Result<Outcome>) {
        eprintln!("==> {name}");
        let started = Instant::now();
        let outcome = step();
        if let Err(error) = &outcome {
            eprintln!("error: {name}: {error:#}");
        }
        self.ended.push((name, started.elapsed(), outcome));
    }

    fn skip(&mut self, name: &'static str, why: &str) {
        self.ended.push((name, Duration::ZERO, Ok(Outcome::Skipped(why.to_owned()))));
    }

    fn finish(self) -> Result<Verdict> {
        eprintln!();
        for (name, took, outcome) in &self.ended {
            let how = match outcome {
                Ok(Outcome::Passed) => "passed".to_owned(),
                Ok(Outcome::Skipped(why)) => format!("SKIPPED: {why}"),
                Err(error) => format!("FAILED: {error:#}"),
            };
            eprintln!("{name:<28} {:>7.1} s  {how}", took.as_secs_f64());
        }
        let total: Duration = self.ended.iter().map(|(_, took, _)| *took).sum();
        eprintln!("{:<28} {:>7.1} s", "total", total.as_secs_f64());
        match self.ended.iter().any(|(_, _, outcome)| outcome.is_err()) {
            true => Ok(Verdict::Findings),
            false => Ok(Verdict::Good),
        }
    }
}
