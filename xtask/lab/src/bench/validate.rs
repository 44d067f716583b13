//! Comparison of `crdgen validate` with kubeconform and kubectl-validate: verdicts beside those of an API server, and
//! processor time, in one run over the same objects.

mod inputs;
mod tool;

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Result;
use crdgen_harness::{Verdict, workspace};
use serde::Serialize;

use crate::corpus;
use inputs::Inputs;
use tool::Tool;

/// Compare `crdgen validate` with kubeconform and kubectl-validate: verdicts and processor time.
#[derive(clap::Args)]
pub(super) struct Args {
    /// Verdicts of an API server on objects of CRDs, as JSON lines, plain or .xz [default: instances.jsonl.xz in
    /// $CRDGEN_CORPUS/cases]
    #[arg(long, value_name = "FILE")]
    cases: Option<PathBuf>,
    /// CRDs that the cases name: a folder, or a .tar.xz of one [default: $CRDGEN_CORPUS/corpus/crds.tar.xz]
    #[arg(long, value_name = "PATH")]
    crds: Option<PathBuf>,
    /// Program of crdgen [default: built with optimisation]
    #[arg(long, value_name = "FILE")]
    crdgen: Option<PathBuf>,
    /// Program of kubeconform [default: installed with Go]
    #[arg(long, value_name = "FILE")]
    kubeconform: Option<PathBuf>,
    /// Program of kubectl-validate [default: installed with Go]
    #[arg(long, value_name = "FILE")]
    kubectl_validate: Option<PathBuf>,
    /// Print one JSON object at the end
    #[arg(long)]
    json: bool,
}

/// Figures of a program.
#[derive(Serialize)]
struct Figures {
    program: &'static str,
    version: String,
    /// User and system time in seconds.
    cpu_seconds: f64,
    /// Processor time as a multiple of crdgen's.
    ratio: f64,
    /// Objects that the server refuses and the program accepts.
    missed: usize,
    /// Objects that the server accepts and the program refuses.
    refused_wrongly: usize,
    /// Those of `refused_wrongly` that have fields which the schema does not declare. The server drops such fields.
    refused_for_unknown_fields: usize,
}

pub(super) fn run(args: &Args) -> Result<Verdict> {
    let _alone = workspace::exclusive("validate")?;
    let cases = args.cases.clone().unwrap_or_else(|| workspace::data().join("cases/instances.jsonl.xz"));
    let crds = args.crds.clone().unwrap_or_else(corpus::default_path);
    let inputs = Inputs::write(&workspace::scratch("validate"), &cases, &crds)?;
    println!("{} objects of {} CRDs, each once in every program\n", inputs.cases.len(), inputs.crds);
    let tools = [
        Tool::crdgen(args.crdgen.as_deref())?,
        Tool::kubeconform(args.kubeconform.as_deref())?,
        Tool::kubectl_validate(args.kubectl_validate.as_deref())?,
    ];
    let mut rows: Vec<Figures> = Vec::new();
    println!(
        "{:<18} {:<9} {:>7} {:>7} {:>8} {:>16}",
        "program", "version", "CPU s", "ratio", "missed", "refused wrongly"
    );
    for tool in &tools {
        let judged = tool.judge(&inputs)?;
        let cpu_seconds = judged.cpu.as_secs_f64();
        let first = rows.first().map_or(cpu_seconds, |first| first.cpu_seconds);
        let row = figures(tool, &inputs, &judged.refused, cpu_seconds, cpu_seconds / first);
        let Figures { program, version, ratio, missed, refused_wrongly, refused_for_unknown_fields: unknown, .. } =
            &row;
        let unknown = if *unknown > 0 { format!(" ({unknown} for unknown fields)") } else { String::new() };
        println!(
            "{program:<18} {version:<9} {cpu_seconds:>7.2} {ratio:>6.1}x {missed:>8} {refused_wrongly:>16}{unknown}"
        );
        rows.push(row);
    }
    if args.json {
        println!("{}", serde_json::json!({ "objects": inputs.cases.len(), "crds": inputs.crds, "programs": rows }));
    }
    // A wrong verdict of crdgen is a finding; a slow program is none.
    let is_right = rows.iter().take(1).all(|row| row.missed == 0 && row.refused_wrongly == 0);
    Ok(if is_right { Verdict::Good } else { Verdict::Findings })
}

fn figures(tool: &Tool, inputs: &Inputs, refused: &BTreeSet<String>, cpu_seconds: f64, ratio: f64) -> Figures {
    let wrong = |is_accepted: bool| {
        let differs =
            move |case: &&inputs::Case| case.is_accepted == is_accepted && refused.contains(&case.file) == is_accepted;
        inputs.cases.iter().filter(differs)
    };
    Figures {
        program: tool.name,
        version: tool.version.clone(),
        cpu_seconds,
        ratio,
        missed: wrong(false).count(),
        refused_wrongly: wrong(true).count(),
        refused_for_unknown_fields: wrong(true).filter(|case| case.has_unknown_fields).count(),
    }
}
