//! Arguments of `crdgen diff`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::ValueEnum;
use crdgen_diff::Axis;

use super::cluster::Cluster;
use crate::cli::config_args::ConfigArgs;
use crate::cli::reporting::ReportArgs;
use crate::project::Request;

/// Compare the CRDs of two releases: report changes that break clients, stored objects or generated code
///
/// Each finding has a rule (`crdgen explain RULE`) and verdicts for those who write objects, those who read them, the
/// objects in the store, and generated code. A finding that breaks objects shows an object that the old CRD accepts and
/// the new one refuses, or stores without a field.
///
/// A side is a file, a folder, a glob, `-` for standard input, or a path in a git revision (`v1.2.0:config/crd`). CRDs of
/// both sides belong together if group and plural are equal. With `--cluster`, the old side is a cluster.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Args {
    /// OLD and NEW; with `--base`, `--since-tag` or `--cluster` the new files [default: the inputs of crdgen.toml]
    #[arg(value_name = "INPUT", required_unless_present_any = ["base", "since_tag", "cluster", "list_rules"])]
    pub(super) inputs: Vec<String>,

    /// Compare with the merge base of this git revision and HEAD
    #[arg(long, value_name = "REVISION", conflicts_with = "since_tag")]
    pub(super) base: Option<String>,

    /// Compare with the newest git tag before HEAD; only tags that match the glob count
    #[arg(long, value_name = "GLOB", num_args = 0..=1, default_missing_value = "*")]
    pub(super) since_tag: Option<String>,

    /// Compare with the CRDs of the same names in a cluster, and report its objects that the new CRDs refuse or take fields
    /// from. Calls kubectl [default context: the current one]
    #[arg(long, value_name = "CONTEXT", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    #[arg(conflicts_with_all = ["base", "since_tag"])]
    cluster: Option<String>,

    /// Parties for which a break is an error, separated by commas
    #[arg(long, value_name = "PARTIES", value_delimiter = ',', default_value = "writer,stored")]
    fail_on: Vec<Party>,

    /// Report harmless changes too, such as changed descriptions
    #[arg(long)]
    pub(super) all: bool,

    /// Do not search for objects that show a break, which saves time
    #[arg(long)]
    pub(super) no_witnesses: bool,

    /// Files or folders with stored objects: report those that the new CRDs refuse or take fields from; may be repeated
    #[arg(long, value_name = "PATH")]
    pub(super) objects: Vec<String>,

    /// Make this number of random objects of each version, and report each object that breaks without a finding
    #[arg(long = "try", value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(super) tries: usize,

    /// Approve all findings of an earlier report in JSON (`--format json`)
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,

    /// List the rules with their verdicts
    #[arg(long, conflicts_with_all = ["base", "since_tag", "cluster", "inputs"])]
    pub(super) list_rules: bool,

    #[command(flatten)]
    pub(super) report: ReportArgs,

    #[command(flatten)]
    config: ConfigArgs,
}

const EXAMPLES: &str = "\
Examples:
  crdgen diff old/ new/
  crdgen diff v1.2.0:config/crd config/crd
  crdgen diff --base origin/main --format markdown
  crdgen diff --cluster=staging config/crd
  kustomize build config/crd | crdgen diff v1.2.0:config/crd/bases -";

/// Party of `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Party {
    /// Those who write objects
    Writer,
    /// Clients with types of the old schema
    Reader,
    /// Objects in the store
    Stored,
    /// Programs with generated code
    Source,
    /// Nobody: no change is an error
    None,
}

impl Party {
    fn axis(self) -> Option<Axis> {
        match self {
            Self::Writer => Some(Axis::Writer),
            Self::Reader => Some(Axis::Reader),
            Self::Stored => Some(Axis::Stored),
            Self::Source => Some(Axis::Source),
            Self::None => None,
        }
    }
}

impl Args {
    pub(super) fn request(&self) -> Request {
        Request { config: self.config.file(), inputs: self.inputs.clone(), ..Request::default() }
    }

    pub(super) fn cluster(&self) -> Option<Cluster> {
        self.cluster.as_deref().map(Cluster::of)
    }

    /// Returns the parties for which a break is an error.
    pub(super) fn axes(&self) -> BTreeSet<Axis> {
        self.fail_on.iter().filter_map(|party| party.axis()).collect()
    }
}
