//! `crdgen generate`: reads, generates, then writes or checks.

use std::fs;
use std::io::{self, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use crdgen_emit::json_schema::Layout;
use crdgen_schema::source::{self, Collected};
use crdgen_schema::{Crd, Diagnostic};

use super::config_args::ConfigArgs;
use super::error::{CliError, usage_of_kind};
use super::outcome::{Outcome, is_failure};
use super::reporting::ReportArgs;
use crate::cache::{Cache, LastRun};
use crate::dependencies::{self, Manifest};
use crate::lock::{self, Record, Target};
use crate::output::guard::{Access, Guard};
use crate::output::{self, Collector, OnConflict, Plan, Reach, Site, Step, check};
use crate::pipeline::{self, Input, Output, Timing, Versions};
use crate::project::{Project, Request, working_directory};
use crate::report::summary::{Differences, Figures, Written};
use crate::report::{Report, Reporter, count};

/// Generate code from CRDs, or check that the generated code is up to date
///
/// Inputs and outputs are set in crdgen.toml or on the command line; the command line takes precedence.
/// crdgen.toml is looked for in the working directory and in the folders above it. Without a config file,
/// `crdgen.lock` is written to the deepest folder that contains all outputs.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) task: Task,

    /// Write nothing; print the changes as a unified diff, and exit with 100 if there are any
    #[arg(long)]
    check: bool,

    /// Replace files that were edited by hand or that crdgen did not write
    #[arg(long)]
    force: bool,

    /// Write the output of the other CRDs if some fail; no file is removed, and the exit code is 1
    #[arg(long)]
    keep_going: bool,

    /// Use at most this many threads [default: one per processor; one for small inputs]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZero<usize>>,

    /// Print the time that each step takes; with several jobs, targets are generated at the same time
    #[arg(long)]
    timings: bool,

    #[command(flatten)]
    report: ReportArgs,
}

/// Prints lines to add to `[dependencies]` of a manifest. Prints nothing if there are none.
pub(super) fn suggest(manifest: &Manifest, lines: &[String], working_directory: &Path, reporter: &Reporter) {
    if !lines.is_empty() {
        let file = output::site::shown(&manifest.path, working_directory);
        reporter.say(&format!("add to [dependencies] in {file}:\n  {}", lines.join("\n  ")));
    }
}

/// Returns the word for a step that changes a file.
fn change(step: &Step) -> Option<&'static str> {
    match step {
        Step::Create(_) => Some("created"),
        Step::Update { .. } => Some("updated"),
        Step::Remove => Some("removed"),
        Step::Unchanged | Step::Forget | Step::Keep => None,
    }
}

/// Inputs and targets of a run.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Task {
    /// CRD files, folders, globs, or `-` for standard input
    #[arg(value_name = "INPUTS")]
    inputs: Vec<String>,

    /// Write Rust types into this folder
    #[arg(long, value_name = "DIR", help_heading = "Targets")]
    rust: Option<PathBuf>,

    /// Write an axum API beside the Rust types
    #[arg(long, help_heading = "Targets")]
    axum: bool,

    /// Write an OpenAPI document to this file
    #[arg(long, value_name = "FILE", help_heading = "Targets")]
    openapi: Option<PathBuf>,

    /// Write TypeScript types and a client into this folder
    #[arg(long, value_name = "DIR", help_heading = "Targets")]
    typescript: Option<PathBuf>,

    /// Write JSON Schemas, two for each kind, into this folder
    #[arg(long, value_name = "DIR", help_heading = "Targets")]
    json_schema: Option<PathBuf>,

    /// Names of the JSON Schemas' files [default: types]
    #[arg(long, value_name = "LAYOUT", value_parser = layouts(), help_heading = "Targets")]
    json_schema_layout: Option<Layout>,

    /// Write roles with exactly the verbs of the API to this file
    #[arg(long, value_name = "FILE", help_heading = "Targets")]
    rbac: Option<PathBuf>,

    /// Write reference pages of the CRDs, as static HTML, into this folder
    #[arg(long, value_name = "DIR", help_heading = "Targets")]
    docs: Option<PathBuf>,

    /// Versions to use: `served`, `storage`, `all`, or names separated by commas [default: served]
    #[arg(long, value_name = "VERSIONS", value_parser = parse_versions, help_heading = "Selection")]
    versions: Option<Versions>,

    /// Kinds to use (`Kind` or `Kind.group`), separated by commas [default: all]
    #[arg(long, value_name = "KINDS", value_delimiter = ',', help_heading = "Selection")]
    kinds: Vec<String>,

    #[command(flatten)]
    pub(super) config: ConfigArgs,

    /// Use this lock file
    #[arg(long, value_name = "FILE")]
    lock: Option<PathBuf>,

    /// Target of a command that has one target.
    #[arg(skip)]
    only: Option<Target>,
}

/// Name of a check in reports.
const CHECK: &str = "crdgen generate --check";

const EXAMPLES: &str = "\
Examples:
  crdgen generate                                   # reads crdgen.toml
  crdgen generate -c examples/ci-service/crdgen.toml
  crdgen generate crds/ --rust src/generated --axum --openapi openapi.json --typescript web/src/api
  crdgen generate --check                           # in CI
  cat crd.yaml | crdgen generate - --rust out";

pub(super) fn parse_versions(text: &str) -> Result<Versions, String> {
    match text {
        "served" => Ok(Versions::Served),
        "storage" => Ok(Versions::Storage),
        "all" => Ok(Versions::All),
        _ => {
            let names: Vec<_> = text.split(',').map(|name| name.trim().to_owned()).collect();
            let empty = names.iter().any(String::is_empty);
            if empty { Err("a version name is empty".to_owned()) } else { Ok(Versions::Named(names)) }
        }
    }
}

/// Returns the parser of `--json-schema-layout`.
fn layouts() -> impl TypedValueParser<Value = Layout> {
    let types = PossibleValue::new("types").help("`X.schema.json` and `XInput.schema.json` for each kind");
    let catalog = PossibleValue::new("catalog").help(
        "`{group}/{kind}_{version}.json` for each kind, with the kind in lower case: the layout of CRD catalogues",
    );
    PossibleValuesParser::new([types, catalog])
        .map(|name| if name == "catalog" { Layout::Catalog } else { Layout::Types })
}

impl Task {
    pub(super) fn request(&self) -> Request {
        Request {
            config: self.config.file(),
            inputs: self.inputs.clone(),
            rust: self.rust.clone(),
            axum: self.axum,
            openapi: self.openapi.clone(),
            typescript: self.typescript.clone(),
            json_schema: self.json_schema.clone(),
            json_schema_layout: self.json_schema_layout,
            rbac: self.rbac.clone(),
            docs: self.docs.clone(),
            only: self.only,
            versions: self.versions.clone(),
            kinds: self.kinds.clone(),
            lock: self.lock.clone(),
        }
    }

    /// Returns the name of the subcommand.
    fn command(&self) -> &'static str {
        if self.only.is_some() { "docs" } else { "generate" }
    }

    /// Returns a task without targets.
    pub(super) fn of_inputs(
        inputs: Vec<String>,
        versions: Option<Versions>,
        kinds: Vec<String>,
        config: ConfigArgs,
    ) -> Self {
        Self { inputs, versions, kinds, config, ..Self::default() }
    }

    /// Returns a task that writes reference pages and no other target.
    pub(super) fn of_docs(self, out: Option<PathBuf>) -> Self {
        Self { docs: out, only: Some(Target::Docs), ..self }
    }

    /// Returns the task of a project's config file.
    pub(super) fn of_config(file: PathBuf) -> Self {
        Self { config: ConfigArgs::at(file), ..Self::default() }
    }
}

impl Args {
    /// Returns the arguments of a plain run.
    pub(super) fn new(task: Task) -> Self {
        Self { task, ..Self::default() }
    }

    /// Returns the arguments with `--check` and `--force`.
    pub(super) fn with(self, check: bool, force: bool) -> Self {
        Self { check, force, ..self }
    }

    fn on_conflict(&self) -> OnConflict {
        if self.force { OnConflict::Overwrite } else { OnConflict::Stop }
    }
}

/// Lines that a run prints after it has written files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Summary {
    /// Numbers of CRDs, types and files.
    #[default]
    Figures,
    /// Each file that was written or removed.
    Changes,
}

pub(super) fn run(args: Args, reporter: &Reporter) -> Result<Outcome, CliError> {
    run_with(args, Summary::Figures, reporter)
}

pub(super) fn run_with(args: Args, summary: Summary, reporter: &Reporter) -> Result<Outcome, CliError> {
    let started = Instant::now();
    if !args.check && !args.report.is_plain() {
        let message = "`--format` and `--report` need `--check`";
        return Err(usage_of_kind(ErrorKind::ArgumentConflict, "generate", message));
    }
    let working_directory = working_directory()?;
    let project = Project::new(args.task.request(), &working_directory)
        .map_err(|problem| CliError::at_start(args.task.command(), problem))?;
    Run { args, project, summary, reporter, started }.run()
}

/// Times of the steps of a run.
struct Clock {
    started: Instant,
    timings: Vec<Timing>,
}

impl Clock {
    fn new() -> Self {
        Self { started: Instant::now(), timings: Vec::new() }
    }

    /// Ends a step that began with the end of the step before.
    fn stop(&mut self, step: &'static str) {
        self.timings.push(Timing { step, time: self.started.elapsed() });
        self.started = Instant::now();
    }

    /// Adds the times of the steps since the last one.
    fn skip(&mut self, timings: &[Timing]) {
        self.timings.extend(timings);
        self.started = Instant::now();
    }
}

/// A run of the command.
struct Run<'a> {
    args: Args,
    project: Project,
    summary: Summary,
    reporter: &'a Reporter,
    started: Instant,
}

impl Run<'_> {
    fn run(self) -> Result<Outcome, CliError> {
        let access = if self.args.check { Access::Read } else { Access::Write };
        let _lock = self.lock(access);
        let lock = lock::read_text(&self.project.site.lock, &self.project.site.show_lock())?;

        let progress = self.reporter.progress();
        progress.step("reading");
        let mut clock = Clock::new();
        let sources = source::collect(&self.project.inputs, io::stdin().lock());
        clock.stop("reading");
        let cache = Cache::of(&self.project, &sources);
        if let Some((last, warnings)) = self.last_run(cache.as_ref(), lock.as_deref(), &sources) {
            drop(progress);
            return self.repeat(&last, &warnings);
        }
        let record = Record::parse(lock, &self.project.site.show_lock())?;
        let threads = self.threads(&sources);
        let mut input = pipeline::load(threads, sources);
        clock.stop("parsing");
        let mut found = std::mem::take(&mut input.diagnostics);
        let useless = input.crds.is_empty() || !self.args.keep_going;
        if is_failure(&found) && useless {
            return Err(CliError::Failed(found));
        }
        progress.step("generating");
        let texts = input.release_texts(&mut found);
        let generated = self.generate(threads, &mut input, &record, &mut found);
        texts.restore(&mut found);
        drop(progress);
        let failed = is_failure(&found);
        self.reporter.diagnostics(&found);
        let Some((output, files)) = generated else { return Ok(Outcome::Failed) };

        clock.skip(&output.timings);
        let figures = Figures::new(&input, &output);
        let wanted = files.finish(&input, output.names)?;
        drop((input, output.model));
        let reach = if failed { Reach::Nothing } else { self.project.reach };
        let plan = Plan::new(&self.project.site, record, wanted, reach, self.args.on_conflict())?;
        clock.stop("comparing");
        self.reporter.diagnostics(&plan.left);
        let outcome = if self.args.check { self.check(&plan, &figures)? } else { self.write(&plan, &figures)? };
        clock.stop(if self.args.check { "checking" } else { "writing" });
        if self.args.timings {
            clock.timings.iter().for_each(|Timing { step, time }| {
                self.reporter.say(&format!("{step:<12}{:>8.3} s", time.as_secs_f64()));
            });
        }
        if failed {
            return Ok(Outcome::Failed);
        }
        if let Some(cache) = cache.filter(|_| plan.exact && outcome == Outcome::Done) {
            cache.record(plan.text_on_disk(), figures, &found, &plan.lock.files);
        }
        Ok(outcome)
    }

    /// Returns the number of threads. Small inputs are done before a second thread would help.
    fn threads(&self, inputs: &Collected) -> NonZero<usize> {
        const SMALL: usize = 100_000;
        let bytes: usize = inputs.sources.iter().map(|source| source.text.len()).sum();
        match self.args.jobs {
            Some(jobs) => jobs,
            None if bytes < SMALL => NonZero::<usize>::MIN,
            None => thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN),
        }
    }

    /// Returns the last run with its warnings, if this run would do the same and find every file in place.
    fn last_run(
        &self,
        cache: Option<&Cache>,
        lock: Option<&str>,
        inputs: &Collected,
    ) -> Option<(LastRun, Vec<Diagnostic>)> {
        let last = cache.filter(|_| !self.args.force)?.last_run(&self.project.site, lock?)?;
        let warnings = last.warnings(inputs)?;
        Some((last, warnings))
    }

    /// Says again what the last run said.
    fn repeat(&self, last: &LastRun, warnings: &[Diagnostic]) -> Result<Outcome, CliError> {
        self.reporter.diagnostics(warnings);
        let written = Written::nothing(last.files());
        if self.args.check {
            let summary = self.up_to_date(&last.figures, &written);
            let anchor = self.project.site.show_lock();
            self.show_check(&Report { command: self.check_command(), findings: Vec::new(), summary, anchor }, || ())?;
        } else if self.summary == Summary::Changes {
            self.list_changes(&[]);
        } else {
            self.say_written(&last.figures, &written);
        }
        Ok(Outcome::Done)
    }

    fn up_to_date(&self, figures: &Figures, written: &Written) -> String {
        format!("up to date: {figures}; {} ({})", count(written.unchanged, "file"), self.seconds())
    }

    fn say_written(&self, figures: &Figures, written: &Written) {
        self.reporter.say(&format!("{figures}; {written} ({})", self.seconds()));
    }

    /// Generates the output. Returns `None` if there is nothing to write; `found` then has the reason.
    fn generate(
        &self,
        threads: NonZero<usize>,
        input: &mut Input,
        record: &Record,
        found: &mut Vec<Diagnostic>,
    ) -> Option<(Output, Collector<'_>)> {
        let Project { selection, targets, site, .. } = &self.project;
        let attempt = |crds: &[Crd]| {
            let files = Collector::new(site);
            let keep = |target, made| files.add(target, made);
            let names = &record.lock.names;
            pipeline::generate_into(&keep, threads, crds, selection, targets, names).map(|output| (output, files))
        };
        let mut generated = attempt(&input.crds);
        if generated.is_err() {
            // A CRD on which an emitter fails must not stop the others.
            let culprits = pipeline::take_culprits(&mut input.crds, selection, targets);
            if !culprits.is_empty() {
                found.extend(culprits);
                generated = attempt(&input.crds);
            }
        }
        match generated {
            Ok((mut output, files)) => {
                found.append(&mut output.diagnostics);
                (self.args.keep_going || !is_failure(found)).then_some((output, files))
            }
            Err(error) => {
                found.extend(error.into_diagnostics());
                None
            }
        }
    }

    fn lock(&self, access: Access) -> Guard {
        let Site { base, working_directory, .. } = &self.project.site;
        let shown = output::site::shown(base, working_directory);
        Guard::acquire(base, access, || self.reporter.say(&format!("waiting for another run of crdgen in {shown}")))
    }

    fn check(&self, plan: &Plan, figures: &Figures) -> Result<Outcome, CliError> {
        let site = &self.project.site;
        let report = Report {
            command: self.check_command(),
            findings: check::findings(site, plan).map_err(|error| unreadable(&error))?,
            summary: self.checked(plan, figures),
            anchor: site.show_lock(),
        };
        self.show_check(&report, || {
            if !plan.is_clean() {
                let mut out = io::BufWriter::new(anstream::stdout().lock());
                // A reader that closes the pipe early is no error.
                let _ = check::print(site, plan, &mut out).and_then(|()| out.flush());
                self.reporter.diagnostics(&self.conflicts(plan));
            }
        })?;
        Ok(if plan.is_clean() { Outcome::Done } else { Outcome::Findings })
    }

    fn check_command(&self) -> &'static str {
        match self.args.task.only {
            None => CHECK,
            Some(_) => "crdgen docs --check",
        }
    }

    /// Shows the result of a check in the format of the arguments. `differences` prints what the text format has beside
    /// the summary.
    fn show_check(&self, report: &Report, differences: impl FnOnce()) -> Result<(), CliError> {
        if !self.args.report.is_text() {
            return self.args.report.show(report, self.reporter);
        }
        differences();
        self.reporter.say(&report.summary);
        self.args.report.write(report)
    }

    /// Returns the result of a check in one line.
    fn checked(&self, plan: &Plan, figures: &Figures) -> String {
        if plan.is_clean() {
            return self.up_to_date(figures, &Written::of(plan));
        }
        let advice = match (plan.conflicts.is_empty(), self.args.task.only) {
            (true, None) => "run `crdgen generate`",
            (true, Some(_)) => "run `crdgen docs`",
            (false, None) => "`crdgen generate` stops at files in the way",
            (false, Some(_)) => "`crdgen docs` stops at files in the way",
        };
        format!("not up to date: {}; {advice} ({})", Differences(plan), self.seconds())
    }

    fn write(&self, plan: &Plan, figures: &Figures) -> Result<Outcome, CliError> {
        let site = &self.project.site;
        if !plan.conflicts.is_empty() {
            return Err(CliError::Failed(self.conflicts(plan)));
        }
        let _lock = self.make_base(plan)?;
        output::apply(site, plan)?;
        match self.summary {
            Summary::Figures => self.say_written(figures, &Written::of(plan)),
            Summary::Changes => {
                let changes = plan.steps.iter().filter_map(|(path, step)| Some((change(step)?, path.as_str())));
                self.list_changes(&changes.collect::<Vec<_>>());
            }
        }
        self.suggest_dependencies(plan);
        Ok(Outcome::Done)
    }

    /// Lists changes: a word and the path of each.
    fn list_changes(&self, changes: &[(&str, &str)]) {
        const MOST: usize = 20;
        for (change, path) in changes.iter().take(MOST) {
            self.reporter.say(&format!("{change} {}", self.project.site.show(path)));
        }
        let more = changes.len().saturating_sub(MOST);
        if more > 0 {
            self.reporter.say(&format!("and {}", count(more, "more file")));
        }
        let seconds = self.seconds();
        match changes.len() {
            0 => self.reporter.say(&format!("no file changed ({seconds})")),
            number => self.reporter.say(&format!("{} changed ({seconds})", count(number, "file"))),
        }
    }

    /// Prints the dependencies that `Cargo.toml` lacks, when Rust is generated for the first time.
    fn suggest_dependencies(&self, plan: &Plan) {
        let is_new = !plan.record.lock.files.values().any(|entry| entry.target == Target::Rust);
        let site = &self.project.site;
        let Some(folder) = site.roots.get(&Target::Rust).filter(|_| is_new) else { return };
        let needed = dependencies::needed(&self.project.targets);
        let Some(manifest) = Manifest::above(&site.locate(folder)) else { return };
        suggest(&manifest, &manifest.missing(&needed), &site.working_directory, self.reporter);
    }

    /// Creates the base folder if it is missing and locks it, since a missing folder could not be locked
    /// before. Fails if another run wrote into it in the meantime.
    fn make_base(&self, plan: &Plan) -> Result<Option<Guard>, CliError> {
        let site = &self.project.site;
        if site.base.is_dir() {
            return Ok(None);
        }
        fs::create_dir_all(&site.base)
            .map_err(|error| Diagnostic::error("output::write", format!("cannot create {}: {error}", site.show(""))))?;
        let guard = self.lock(Access::Write);
        match Record::read(&site.lock, &site.show_lock())?.text == plan.record.text {
            true => Ok(Some(guard)),
            false => Err(Diagnostic::error(
                "output::race",
                format!("another run of crdgen wrote {} at the same time", site.show("")),
            )
            .help("run the command again")
            .into()),
        }
    }

    fn conflicts(&self, plan: &Plan) -> Vec<Diagnostic> {
        plan.conflicts.iter().map(|conflict| conflict.diagnostic(&self.project.site)).collect()
    }

    fn seconds(&self) -> String {
        format!("{:.2} s", self.started.elapsed().as_secs_f64())
    }
}

fn unreadable(error: &io::Error) -> Diagnostic {
    Diagnostic::error("output::unreadable", format!("cannot read the generated files back: {error}"))
}
