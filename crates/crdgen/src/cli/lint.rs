//! `crdgen lint`: checks the design of CRDs.

use std::io;
use std::num::NonZero;

use clap::error::ErrorKind;
use crdgen_schema::cel::check_crd;
use crdgen_schema::{Collected, Severity, nearest};

use super::config_args::ConfigArgs;
use super::diff::sides::base;
use super::error::{CliError, usage_of_kind};
use super::outcome::{Outcome, is_failure};
use super::reporting::ReportArgs;
use crate::lint::{self, Setting, Settings, rules};
use crate::pipeline::{self, Input};
use crate::project::{Reading, Request, working_directory};
use crate::report::{Finding, Level, Report, Reporter, count};

/// Check the design of CRDs
///
/// Errors of the CRDs themselves are findings too, such as CEL rules that do not compile. The table `[lint]` of
/// crdgen.toml and `--rule` set the level of each rule: `error`, `warn` or `off`. `crdgen explain RULE` explains a rule.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// CRD files, folders, globs, or `-` for standard input [default: the inputs of crdgen.toml]
    #[arg(value_name = "INPUTS")]
    inputs: Vec<String>,

    /// Level of a rule, or of all rules; may be repeated
    #[arg(long, value_name = "RULE=LEVEL", value_parser = parse_level)]
    rule: Vec<(String, Setting)>,

    /// Report only findings that these CRDs do not have; may be repeated: files, folders, globs, `REVISION:PATH` of git,
    /// or a git revision, which stands for INPUTS at the commit that HEAD and the revision have in common
    #[arg(long, value_name = "INPUT")]
    base: Vec<String>,

    #[command(flatten)]
    report: ReportArgs,

    #[command(flatten)]
    config: ConfigArgs,
}

const EXAMPLES: &str = "\
Examples:
  crdgen lint crds/
  crdgen lint crds/ --rule all=warn --rule description=off
  crdgen lint crds/ --base released-crds/ --format github
  crdgen lint crds/ --base origin/main";

fn parse_level(text: &str) -> Result<(String, Setting), String> {
    let (rule, level) = text.split_once('=').ok_or("a rule and a level are needed, such as `float=error`")?;
    Ok((rule.to_owned(), level.parse()?))
}

impl Args {
    fn request(&self) -> Request {
        Request { config: self.config.file(), inputs: self.inputs.clone(), ..Request::default() }
    }

    /// Adds the levels of the command line to those of the config.
    fn settings(&self, mut settings: Settings) -> Result<Settings, CliError> {
        for (rule, level) in &self.rule {
            if !settings.set(rule, *level) {
                let near = nearest(rule, rules::all().map(|rule| rule.id()));
                let meant = near
                    .first()
                    .map_or("`crdgen explain` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
                let message = format!("there is no rule `{rule}`: {meant}");
                return Err(usage_of_kind(ErrorKind::InvalidValue, "lint", &message));
            }
        }
        Ok(settings)
    }
}

pub(super) fn run(args: &Args, reporter: &Reporter) -> Result<Outcome, CliError> {
    let reading =
        Reading::new(args.request(), &working_directory()?).map_err(|problem| CliError::at_start("lint", problem))?;
    let settings = args.settings(reading.lint)?;
    let mut input = pipeline::read(&reading.inputs, io::stdin().lock());
    if input.crds.is_empty() && input.refused == 0 && is_failure(&input.diagnostics) {
        return Err(CliError::Failed(input.diagnostics));
    }
    let crds = input.crds.len() + input.refused;
    let mut findings = found(&mut input, &settings);
    let known = match args.base.is_empty() {
        true => 0,
        false => {
            let folder = working_directory()?;
            let mut collected = Collected::default();
            for input in &args.base {
                let mut read = base(input, &reading.inputs, &folder)?;
                collected.sources.append(&mut read.sources);
                collected.named.extend(read.named);
                collected.diagnostics.append(&mut read.diagnostics);
            }
            if is_failure(&collected.diagnostics) {
                return Err(CliError::Failed(collected.diagnostics));
            }
            let mut base = pipeline::load(NonZero::<usize>::MIN, collected);
            lint::only_new(&mut findings, &found(&mut base, &settings))
        }
    };
    let summary = summary(crds, &findings, known);
    let anchor = reading.inputs.first().cloned().unwrap_or_default();
    let report = Report { command: "crdgen lint", findings, summary, anchor };
    args.report.show(&report, reporter)?;
    Ok(if report.count(Level::Error) > 0 { Outcome::Findings } else { Outcome::Done })
}

/// Returns the diagnostics of reading and of CEL rules, followed by the findings of the rules.
fn found(input: &mut Input, settings: &Settings) -> Vec<Finding> {
    let diagnostics = std::mem::take(&mut input.diagnostics).into_iter();
    let expressions = input.crds.iter().flat_map(|crd| check_crd(crd, Severity::Error));
    diagnostics.chain(expressions).map(Finding::from).chain(lint::lint(&input.crds, settings)).collect()
}

fn summary(crds: usize, findings: &[Finding], known: usize) -> String {
    let count_of = |level| findings.iter().filter(|finding| finding.level == level).count();
    let base = if known > 0 { format!(", {} left out as in the base", count(known, "finding")) } else { String::new() };
    let errors = count(count_of(Level::Error), "error");
    format!("{} checked: {errors}, {}{base}", count(crds, "CRD"), count(count_of(Level::Warning), "warning"))
}
