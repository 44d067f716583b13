//! `crdgen explain`: prints the meaning of a diagnostic code, or the documentation of a field.

mod code;
mod field;
mod paragraph;

use std::io::Write as _;

use super::config_args::ConfigArgs;
use super::error::CliError;
use super::outcome::Outcome;
use crate::report::Reporter;

/// Explain the code of a diagnostic, a rule of `lint` or `diff`, or a field of a kind, or list all codes
///
/// A field is named as KIND.path, for example `pipelinerun.spec.params`. Leave out the signs `[]` of lists and `{}` of
/// maps. The names of generated types are printed if there is a config file.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Code in the brackets of a diagnostic, id of a rule, or KIND[.path]; without it, all codes are listed
    #[arg(value_name = "CODE|KIND[.PATH]")]
    topic: Option<String>,

    /// CRD files, folders, globs, or `-` for standard input, for a field [default: the inputs of crdgen.toml]
    #[arg(value_name = "INPUTS", requires = "topic")]
    inputs: Vec<String>,

    #[command(flatten)]
    config: ConfigArgs,
}

const EXAMPLES: &str = "\
Examples:
  crdgen explain schema::no-type
  crdgen explain pipelinerun.spec.params          # a field of the CRDs of crdgen.toml
  crdgen explain pipelinerun crds/";

pub(super) fn run(args: &Args, reporter: &Reporter) -> Result<Outcome, CliError> {
    let (text, outcome) = match &args.topic {
        None => (code::list(), Outcome::Done),
        Some(topic) => match code::found(topic) {
            Some(text) if args.inputs.is_empty() => (text, Outcome::Done),
            _ => field::explained(topic, &args.inputs, args.config.file(), reporter)?,
        },
    };
    // A reader that closes the pipe early is no error.
    let _ = anstream::stdout().lock().write_all(text.as_bytes());
    Ok(outcome)
}
