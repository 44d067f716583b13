//! `crdgen watch`: generates again when an input or the config file changes.

mod snapshot;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crdgen_schema::Diagnostic;

use super::error::{CliError, usage};
use super::generate::{self, Summary, Task};
use super::outcome::Outcome;
use crate::config::Config;
use crate::output::site::shown;
use crate::project::{ConfigFile, Reading, working_directory};
use crate::report::Reporter;
use snapshot::Snapshot;

/// Generate again whenever an input or crdgen.toml changes
///
/// After an error the last good output stays as it is. Ctrl-C ends the command.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    task: Task,

    /// Run this shell command after each successful generation
    #[arg(long, value_name = "CMD")]
    exec: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  crdgen watch
  crdgen watch --exec 'cargo check'";

/// Time between two looks at the files.
const INTERVAL: Duration = Duration::from_millis(250);

/// Time without a change after which the files are taken to be written.
const SETTLED: Duration = Duration::from_millis(100);

/// Generates after each change. `cli` is the whole command line, for the help of a usage error.
pub(super) fn run(args: Args, cli: clap::Command, reporter: &Reporter) -> Result<Outcome, CliError> {
    let here = working_directory()?;
    if args.task.request().inputs.iter().any(|input| input == "-") {
        return Err(usage("watch", "standard input cannot be watched: name files, folders or globs"));
    }
    let mut watched = Watched { config: config(&args.task, &here), inputs: Vec::new() };
    watched.read_inputs(&args.task, &here);
    let mut before = watched.look();
    match once(&args, Summary::Figures, reporter) {
        Err(usage @ CliError::Usage(_)) => return Err(usage),
        first => show(first, &cli, reporter),
    }
    let mut said = String::new();
    loop {
        // The config file may name other inputs than before.
        watched.read_inputs(&args.task, &here);
        let names = watched.names(&here);
        if names != said {
            reporter.say(&format!("watching {names}"));
            said = names;
        }
        let now = watched.wait_for_change(&before);
        now.changes(&before, &here).iter().for_each(|change| reporter.say(change));
        before = now;
        show(once(&args, Summary::Changes, reporter), &cli, reporter);
    }
}

/// Generates, and runs the user's command after that.
fn once(args: &Args, summary: Summary, reporter: &Reporter) -> Result<Outcome, CliError> {
    let outcome = generate::run_with(generate::Args::new(args.task.clone()), summary, reporter)?;
    match &args.exec {
        Some(command) if outcome == Outcome::Done => exec(command),
        _ => Ok(outcome),
    }
}

fn exec(line: &str) -> Result<Outcome, CliError> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    match Command::new(shell).args([flag, line]).stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(Outcome::Done),
        Ok(status) => Err(Diagnostic::error("watch::exec", format!("`{line}`: {status}")).into()),
        Err(error) => Err(Diagnostic::error("watch::exec", format!("cannot run `{line}`: {error}")).into()),
    }
}

/// Prints the reason of a failure. The diagnostics of an outcome have been printed already.
fn show(result: Result<Outcome, CliError>, cli: &clap::Command, reporter: &Reporter) {
    match result {
        Err(CliError::Failed(found)) => reporter.diagnostics(&found),
        // A message that cannot be printed has no other place to go.
        Err(CliError::Usage(usage)) => drop(usage.error(cli.clone()).print()),
        Ok(_) => {}
    }
}

/// Returns the config file of a task, which need not exist.
fn config(task: &Task, here: &Path) -> Option<PathBuf> {
    match task.request().config {
        ConfigFile::Find => Config::find(here),
        ConfigFile::At(file) => Some(here.join(file)),
        ConfigFile::None => None,
    }
}

/// Files to watch.
struct Watched {
    config: Option<PathBuf>,
    /// Files, folders and globs, relative to the working directory.
    inputs: Vec<String>,
}

impl Watched {
    /// Reads the inputs anew. Keeps the old ones if the config file is wrong.
    fn read_inputs(&mut self, task: &Task, here: &Path) {
        if let Ok(reading) = Reading::new(task.request(), here) {
            self.inputs = reading.inputs;
        }
    }

    fn look(&self) -> Snapshot {
        Snapshot::new(self.config.as_deref(), &self.inputs)
    }

    /// Waits until the files differ from `before` and are not being written any more.
    fn wait_for_change(&self, before: &Snapshot) -> Snapshot {
        loop {
            thread::sleep(INTERVAL);
            let now = self.look();
            if now != *before {
                return self.settled(now);
            }
        }
    }

    fn settled(&self, mut last: Snapshot) -> Snapshot {
        loop {
            thread::sleep(SETTLED);
            let now = self.look();
            if now == last {
                return now;
            }
            last = now;
        }
    }

    fn names(&self, here: &Path) -> String {
        let config = self.config.iter().map(|file| shown(file, here));
        config.chain(self.inputs.iter().cloned()).collect::<Vec<_>>().join(", ")
    }
}
