//! `attack`: hostile requests against the example's service.
//!
//! Each attack has a service of its own, limited to 512 MB of memory. During the attack another caller, the
//! neighbour, makes small requests. None of them may fail, and 99 % of them must be answered within 50 ms, or
//! within the time that a process which does nothing takes on this machine. The short form attacks a debug
//! build on a machine that may be busy, and allows a second. An attack is held if all of its answers are
//! right, the small requests were answered, and the service still serves afterwards.

mod caller;
mod cluster;
mod entry;
mod form;
mod limit;
mod neighbour;
mod nothing;
mod objects;
mod peak;
mod play;
mod route;
mod siege;
mod target;
mod verdict;
mod wire;

mod computing;
mod deletions;
mod framing;
mod headers;
mod http2;
mod memory;
mod patches;
mod rules;
mod smuggling;
mod starvation;
mod tokens;
mod unread;
mod watches;

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use crdgen_harness::tools::Missing;
use crdgen_harness::{Verdict, process, workspace};
use serde_json::json;

use self::cluster::Cluster;
use self::entry::Attack;
use self::form::{Backend, Form};
use self::limit::Limit;
use self::play::Ground;
use self::target::Range;

/// Play hostile requests against the example's service, in a memory limit and beside a neighbour (Linux).
#[derive(clap::Args, Default)]
pub struct Args {
    /// Storage of the service
    #[arg(long, value_name = "WHERE", default_value = "memory")]
    backend: Backend,
    /// Run every attack in full, against a release build (default)
    #[arg(long, conflicts_with = "quick")]
    release: bool,
    /// Run the short form, against the debug build
    #[arg(long)]
    quick: bool,
    /// Run only attacks with this in their names
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Attack this build of ci-service instead
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// List the attacks and their rules, and run none
    #[arg(long)]
    list: bool,
    /// End with one line of JSON
    #[arg(long)]
    json: bool,
    #[arg(long, hide = true)]
    nothing: bool,
}

/// Every attack, group by group.
const ATTACKS: [&[Attack]; 12] = [
    smuggling::ATTACKS,
    unread::ATTACKS,
    patches::ATTACKS,
    deletions::ATTACKS,
    rules::ATTACKS,
    computing::ATTACKS,
    memory::ATTACKS,
    starvation::ATTACKS,
    watches::ATTACKS,
    tokens::ATTACKS,
    headers::ATTACKS,
    framing::ATTACKS,
];

/// Plays the short form against the memory backend.
pub fn quick() -> Result<Verdict> {
    run(&Args { quick: true, ..Args::default() })
}

pub fn run(args: &Args) -> Result<Verdict> {
    if args.nothing {
        nothing::serve()?;
    }
    let chosen: Vec<_> = ATTACKS.into_iter().flatten().filter(|attack| args.wants(attack)).collect();
    ensure!(!chosen.is_empty(), "no attack is called so; `cargo xtask attack --list` names them");
    if args.list {
        chosen.iter().for_each(|attack| println!("{:<26} {}", attack.name, attack.rule));
        return Ok(Verdict::Good);
    }
    ensure!(missing().is_none(), "attacks are played on Linux only");
    let _alone = workspace::exclusive("attack")?;
    play(args, &chosen)
}

/// Returns the reason why attacks cannot run on this machine.
pub fn missing() -> Option<Missing> {
    (!cfg!(target_os = "linux")).then_some(Missing("attacks are played on Linux only"))
}

impl Args {
    fn wants(&self, attack: &Attack) -> bool {
        let is_of_form = !(self.quick && attack.is_long);
        let is_of_backend = attack.only_on.is_none_or(|backend| backend == self.backend);
        let is_named = self.only.as_ref().is_none_or(|name| attack.name.contains(name.as_str()));
        is_of_form && is_of_backend && is_named
    }

    fn form(&self) -> Form {
        if self.quick { Form::Short } else { Form::Full }
    }

    /// Builds the service, unless a program was named, and returns the path of the program.
    fn program(&self) -> Result<PathBuf> {
        if let Some(program) = &self.program {
            return Ok(std::path::absolute(program)?);
        }
        let (profile, flag) = if self.quick { ("debug", None) } else { ("release", Some("--release")) };
        let build = ["build", "--quiet", "--package", "ci-service", "--bins"];
        process::run(process::cargo().args(build).args(flag))?;
        Ok(workspace::target().join(profile).join("ci-service"))
    }
}

fn play(args: &Args, attacks: &[&Attack]) -> Result<Verdict> {
    let program = args.program()?;
    let limit = Limit::find();
    let cluster = (args.backend == Backend::Server).then(Cluster::start).transpose()?;
    let range = Range::new(program.clone(), limit, cluster.as_ref().map(Cluster::kubeconfig))?;
    let mut ground = Ground::new(range, cluster, args.form())?;
    println!("{}, {} MB by {}", shown(&program), limit::MEMORY >> 20, limit.name());
    verdict::print_header();
    let mut verdicts = Vec::new();
    for attack in attacks {
        let verdict = ground.play(attack)?;
        verdict.print();
        verdicts.push(verdict);
    }
    let broken = verdicts.iter().filter(|verdict| !verdict.held).count();
    println!("{} attacks, {broken} not held", verdicts.len());
    if args.json {
        let limit = json!({ "bytes": limit::MEMORY, "by": limit });
        let soon = args.form().soon().as_millis();
        println!(
            "{}",
            json!({ "backend": args.backend, "memory": limit, "small_limit_ms": soon, "attacks": verdicts, "broken": broken })
        );
    }
    Ok(if broken == 0 { Verdict::Good } else { Verdict::Findings })
}

fn shown(program: &Path) -> String {
    program.strip_prefix(workspace::root()).unwrap_or(program).display().to_string()
}
