//! The figures as text, Markdown and HTML.

use std::fmt::Write;

use super::chart;
use super::job::{self, Measured};
use super::peers::Absent;
use super::row::{Row, Target};

/// Returns the comparisons that have a target.
///
/// `program` is the size of crdgen's program in bytes.
pub fn rows(measured: &[Measured], program: u64) -> Vec<Row> {
    let find = |work: &str, program: &str| measured.iter().find(|one| one.work == work && one.program == program);
    let cpu = |work: &str, program: &str| find(work, program).map(|one| one.cpu[1]);
    let shares = [
        (job::RUST_OF_ONE, "kopium", 0.9),
        (job::RUST_OF_MANY, "kopium", 0.4),
        (job::ALL_OF_MANY, "cdk8s", 1.0 / 8.0),
        (job::ALL_OF_MANY, "crd-generate", 1.0 / 40.0),
        (job::ALL_OF_MANY, "fluent", 1.0 / 40.0),
        (job::RUST_OF_ONE, "typify", 1.0),
        (job::RUST_OF_ONE, "datamodel", 1.0),
    ];
    let of_peers = shares.into_iter().filter_map(|(work, peer, share)| {
        let other = cpu(work, peer)?;
        Some(Row::new(work, "CPU s", cpu(work, "crdgen")?, Some((peer, other)), Target::Share(share)))
    });
    let limits = [
        (job::ALL_OF_ONE, 0.08),
        (job::ALL_OF_ALL, 5.0),
        (job::ONE_AGAIN, 0.015),
        (job::ALL_AGAIN, 0.15),
        (job::ONE_CHANGED, 1.0),
        (job::START, 0.003),
    ];
    let alone = limits
        .into_iter()
        .filter_map(|(work, limit)| Some(Row::new(work, "CPU s", cpu(work, "crdgen")?, None, Target::AtMost(limit))));
    let whole = find(job::ALL_OF_ALL, "crdgen").map(|one| {
        let row = |unit, figure, limit| Row::new(job::ALL_OF_ALL, unit, figure, None, Target::AtMost(limit));
        let times_the_output = one.memory as f64 / one.output as f64;
        [
            row("elapsed s", one.wall, 3.0),
            row("MB", one.memory as f64 / 1e6, 300.0),
            row("times the output in memory", times_the_output, 2.0),
        ]
    });
    let size = Row::new("the program", "MB", program as f64 / 1e6, None, Target::AtMost(12.0));
    of_peers.chain(alone).chain(whole.into_iter().flatten()).chain([size]).collect()
}

/// Prints all figures, and the comparisons as a Markdown table.
pub fn print(measured: &[Measured], rows: &[Row], missing: &[Absent]) {
    println!("{:<48}{:<14}{:>6}{:>9}{:>10}{:>20}{:>9}", "", "", "CRDs", "MB", "CPU s", "least to most", "peak MB");
    for Measured { work, program, crds, bytes, cpu: [least, median, most], memory, .. } in measured {
        let (megabytes, peak) = (*bytes as f64 / 1e6, *memory as f64 / 1e6);
        let spread = format!("{least:.3} to {most:.3}");
        println!("{work:<48}{program:<14}{crds:>6}{megabytes:>9.2}{median:>10.3}{spread:>20}{peak:>9.0}");
    }
    for Absent { peer, reason } in missing {
        println!("not measured: {peer}: {reason}");
    }
    println!("\n{}", markdown(rows));
}

fn markdown(rows: &[Row]) -> String {
    let mut text = "| work | crdgen | peer | target | holds |\n|---|---|---|---|---|\n".to_owned();
    for Row { work, crdgen, peer, unit, target, holds } in rows {
        let peer = peer.as_ref().map_or_else(|| "-".to_owned(), |(name, figure)| format!("{name}: {figure:.3} {unit}"));
        let holds = if *holds { "yes" } else { "no" };
        let target = target_text(*target, unit);
        let _ = writeln!(text, "| {work} | {crdgen:.3} {unit} | {peer} | {target} | {holds} |");
    }
    text
}

fn target_text(target: Target, unit: &str) -> String {
    match target {
        Target::AtMost(limit) => format!("at most {limit} {unit}"),
        Target::Share(share) => format!("at most {share:.3} of the peer"),
    }
}

/// Returns the report as one HTML page without scripts.
pub fn html(measured: &[Measured], rows: &[Row], missing: &[Absent], runs: usize) -> String {
    let mut page = "<!doctype html>\n<meta charset=\"utf-8\">\n<title>crdgen: cost of generating</title>\n<style>\
                    body{font:16px sans-serif;max-width:60em;margin:2em auto}table{border-collapse:collapse}\
                    td,th{padding:.2em .8em;border-bottom:1px solid #ccc;text-align:left}</style>\n"
        .to_owned();
    let _ = writeln!(page, "<h1>Cost of generating</h1>\n<p>Medians of {runs} runs, in turns.</p>");
    page.push_str("<table><tr><th>work<th>crdgen<th>peer<th>target<th>holds\n");
    for Row { work, crdgen, peer, unit, target, holds } in rows {
        let peer = peer.as_ref().map_or_else(String::new, |(name, figure)| format!("{name}: {figure:.3} {unit}"));
        let (target, holds) = (target_text(*target, unit), if *holds { "yes" } else { "no" });
        let _ = writeln!(page, "<tr><td>{work}<td>{crdgen:.3} {unit}<td>{peer}<td>{target}<td>{holds}");
    }
    page.push_str("</table>\n");
    for Absent { peer, reason } in missing {
        let reason = reason.replace('&', "&amp;").replace('<', "&lt;");
        let _ = writeln!(page, "<p>Not measured: {peer}: {reason}");
    }
    let points = |suffix: &str| -> Vec<(f64, f64)> {
        let scaling = measured.iter().filter_map(|one| {
            let count: f64 = one.work.strip_prefix("scaling: ")?.strip_suffix(suffix)?.parse().ok()?;
            Some((count, one.cpu[1]))
        });
        scaling.collect()
    };
    page.push_str(&chart::lines("CPU seconds by number of CRDs", &points(" CRDs")));
    page.push_str(&chart::lines("CPU seconds by schema nodes of one CRD", &points(" nodes")));
    page
}
