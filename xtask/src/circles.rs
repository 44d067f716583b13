//! `circles`: files of a crate that import each other in a loop.
//!
//! A file imports another if it uses a name that the other declares. A name that a module re-exports counts for the file
//! that declares it, so a folder's `mod.rs` may re-export what its files have.

mod imports;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Result;
use crdgen_harness::check::Finding;
use crdgen_harness::{Verdict, workspace};

use tree::{Crate, Imports};

/// Check that no files of a crate import each other in a loop.
#[derive(clap::Args)]
pub struct Args {}

/// Files that may import each other, in the order of paths: the values of CEL are lists and maps of values, and convert
/// their items when they are read.
const ALLOWED: [&[&str]; 1] = [&[
    "crates/crdgen-cel/src/expression/conversion.rs",
    "crates/crdgen-cel/src/expression/list.rs",
    "crates/crdgen-cel/src/expression/map.rs",
    "crates/crdgen-cel/src/expression/value.rs",
]];

pub fn run(_: &Args) -> Result<Verdict> {
    let findings = findings()?;
    for Finding { file, message } in &findings {
        println!("{}: {message}", shown(file));
    }
    println!("{} circles", findings.len());
    Ok(if findings.is_empty() { Verdict::Good } else { Verdict::Findings })
}

/// Returns a finding for each circle, at its first file.
pub fn findings() -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for source in tree::sources()? {
        let imports = Crate::read(&source)?.imports();
        for circle in circles(&imports) {
            let names: Vec<_> = circle.iter().map(|file| shown(file)).collect();
            if !ALLOWED.iter().any(|allowed| names.iter().all(|name| allowed.contains(&name.as_str()))) {
                findings.push(Finding { file: circle[0].clone(), message: described(&circle, &imports) });
            }
        }
    }
    Ok(findings)
}

fn shown(file: &Path) -> String {
    file.strip_prefix(workspace::root()).unwrap_or(file).display().to_string()
}

/// Describes a circle by the names that tie each file to another.
fn described(circle: &[PathBuf], imports: &Imports) -> String {
    let mut text = format!("{} files import each other", circle.len());
    for from in circle {
        for (to, names) in imports[from].iter().filter(|(to, _)| circle.contains(to)) {
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            text.push_str(&format!("\n  {} -> {}: {}", shown(from), shown(to), names.join(", ")));
        }
    }
    text
}

/// Returns the largest groups of files in which each file leads to each other one.
fn circles(imports: &Imports) -> Vec<Vec<PathBuf>> {
    let reached: BTreeMap<&PathBuf, BTreeSet<&PathBuf>> =
        imports.keys().map(|file| (file, reached(file, imports))).collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (file, from_here) in &reached {
        if !from_here.contains(file) || seen.contains(file) {
            continue;
        }
        let circle: Vec<PathBuf> =
            from_here.iter().filter(|other| reached[*other].contains(file)).map(|other| (*other).clone()).collect();
        seen.extend(from_here.iter().filter(|other| circle.contains(other)).copied());
        found.push(circle);
    }
    found
}

/// Returns the files that a file imports, and those that these import.
fn reached<'i>(file: &PathBuf, imports: &'i Imports) -> BTreeSet<&'i PathBuf> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&PathBuf> = imports[file].keys().collect();
    while let Some(next) = open.pop() {
        let (next, targets) = imports.get_key_value(next).expect("every file has an entry");
        if reached.insert(next) {
            open.extend(targets.keys());
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(arrows: &[(&str, &str)]) -> Imports {
        let mut imports = Imports::new();
        for (from, to) in arrows {
            imports.entry(to.into()).or_default();
            imports.entry(from.into()).or_default().entry(to.into()).or_default().insert("name".to_owned());
        }
        imports
    }

    #[test]
    fn files_that_lead_to_each_other_are_a_circle() {
        let found = circles(&imports(&[("a", "b"), ("b", "c"), ("c", "b"), ("c", "d"), ("e", "f"), ("f", "e")]));
        assert_eq!(found, [vec![PathBuf::from("b"), "c".into()], vec!["e".into(), "f".into()]]);
        assert_eq!(circles(&imports(&[("a", "b"), ("a", "c"), ("b", "c")])), Vec::<Vec<PathBuf>>::new());
    }
}
