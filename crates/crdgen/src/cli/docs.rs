//! `crdgen docs`: writes reference pages of CRDs.

use std::path::PathBuf;

use super::config_args::ConfigArgs;
use super::error::CliError;
use super::generate;
use super::outcome::Outcome;
use crate::pipeline::Versions;
use crate::report::Reporter;

/// Write reference pages of CRDs as static HTML, or check that they are up to date
///
/// The pages need no server and no network. Each version of a kind has a page with its fields, types, defaults,
/// constraints, rules, printer columns, valid examples, and changes since the version before. The settings of crdgen.toml
/// apply. `crdgen.lock` lists the files that crdgen wrote. It is in the folder of crdgen.toml or, without a config
/// file, in the folder of the pages.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// CRD files, folders, globs, or `-` for standard input [default: the inputs of crdgen.toml]
    #[arg(value_name = "INPUTS")]
    inputs: Vec<String>,

    /// Write the pages into this folder [default: `dir` of `[docs]` in crdgen.toml]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Write nothing; print the changes as a unified diff, and exit with 100 if there are any
    #[arg(long)]
    check: bool,

    /// Replace files that were edited by hand or that crdgen did not write
    #[arg(long)]
    force: bool,

    /// Versions to use: `served`, `storage`, `all`, or names separated by commas [default: served]
    #[arg(long, value_name = "VERSIONS", value_parser = generate::parse_versions)]
    versions: Option<Versions>,

    /// Kinds to use (`Kind` or `Kind.group`), separated by commas [default: all]
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    kinds: Vec<String>,

    #[command(flatten)]
    config: ConfigArgs,
}

const EXAMPLES: &str = "\
Examples:
  crdgen docs crds/ --out site
  crdgen docs                    # `inputs` and `[docs]` of crdgen.toml
  crdgen docs --check            # in CI
  kubectl get crds -o yaml | crdgen docs - --out site";

pub(super) fn run(args: Args, reporter: &Reporter) -> Result<Outcome, CliError> {
    let Args { inputs, out, check, force, versions, kinds, config } = args;
    let task = generate::Task::of_inputs(inputs, versions, kinds, config).of_docs(out);
    generate::run(generate::Args::new(task).with(check, force), reporter)
}
