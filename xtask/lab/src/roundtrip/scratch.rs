//! Programs that read an object as its type and write it again, compiled from generated types.
//!
//! One program contains several generator runs: few enough for the memory of the compiler, and enough to limit the time
//! for linking. If a program does not compile, only its own kinds are affected.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, ensure};
use crdgen_harness::{check, process, workspace};
use serde_json::Value;

use super::difference::Difference;
use super::types::{Root, Types};

/// A compiled program.
pub struct Program {
    /// Name of the program's crate.
    pub name: String,
    /// Indexes of the generator runs in the program.
    units: Vec<usize>,
    /// Numbers of the types, by unit and path.
    types: BTreeMap<(usize, String), usize>,
    /// Path of the executable, or the compiler's error.
    executable: Result<PathBuf, String>,
}

/// Result of a program for an object.
pub enum Answer {
    /// The object was read, and written like this.
    Written(Value),
    /// The object was not read.
    Refused(Difference),
}

/// Maximum size of the Rust code in a program, in bytes, unless a single generator run has more.
const SIZE: usize = 1_500_000;

/// Main file of a program, with placeholders for the modules and the types.
const TEMPLATE: &str = include_str!("program.rs");

/// Writes a crate for each program and compiles all of them.
pub fn compile(types: &Types) -> Result<Vec<Program>> {
    let folder = workspace::scratch("roundtrip/programs");
    let mut programs = programs(types);
    let mut files = BTreeMap::from([("Cargo.toml".to_owned(), manifest(types)?.to_string())]);
    for program in &programs {
        program.write(types, &mut files);
    }
    workspace::mirror(&folder, &files)?;
    fs::copy(workspace::root().join("Cargo.lock"), folder.join("Cargo.lock"))?;

    let mut cargo = process::cargo();
    cargo.args(["build", "--workspace", "--keep-going"]).current_dir(&folder);
    // Uses a separate target folder, because the build takes long and would block other builds.
    cargo.env("CARGO_TARGET_DIR", workspace::scratch("roundtrip/target"));
    let mut built = 0;
    let mut compiled = check::cargo_build(&mut cargo, |name| {
        built += 1;
        eprintln!("  {name} ({built} of {})", programs.len());
    })?;
    for program in &mut programs {
        let errors = compiled.errors.remove(&program.name).unwrap_or_default();
        program.executable = match compiled.executables.remove(&program.name) {
            Some(executable) if errors.is_empty() => Ok(executable),
            _ => {
                errors.iter().for_each(|error| eprintln!("{error}"));
                Err(errors.into_iter().next().unwrap_or_else(|| "its crate was not built".to_owned()))
            }
        };
    }
    Ok(programs)
}

fn programs(types: &Types) -> Vec<Program> {
    let mut sizes: Vec<(usize, Vec<usize>)> = Vec::new();
    for (unit, files) in types.units.iter().enumerate() {
        let rust = files.iter().filter(|(path, _)| path.ends_with(".rs"));
        let size: usize = rust.map(|(_, text)| text.len()).sum();
        match sizes.last_mut().filter(|(sum, _)| sum + size <= SIZE) {
            Some((sum, units)) => {
                *sum += size;
                units.push(unit);
            }
            None => sizes.push((size, vec![unit])),
        }
    }
    sizes.into_iter().enumerate().map(|(index, (_, units))| program(index, units, types)).collect()
}

fn program(index: usize, units: Vec<usize>, types: &Types) -> Program {
    let mut numbered = BTreeMap::new();
    for root in types.roots.values().filter(|root| units.contains(&root.unit)) {
        let next = numbered.len();
        numbered.entry((root.unit, root.path.clone())).or_insert(next);
    }
    Program { name: format!("program_{index}"), units, types: numbered, executable: Err("not compiled".to_owned()) }
}

/// Returns the index of the program that has a type.
pub fn program_of(programs: &[Program], root: &Root) -> usize {
    programs.iter().position(|program| program.units.contains(&root.unit)).expect("every unit is in a program")
}

fn manifest(types: &Types) -> Result<toml::Table> {
    let mut dependencies = workspace::dependencies()?;
    let used = dependencies_of(types);
    dependencies.retain(|name, _| used.contains(&name));
    let mut manifest: toml::Table = "[workspace]\nresolver = \"3\"\nmembers = [\"program_*\"]\n\
         [profile.dev]\ndebug = false\ndebug-assertions = false\nincremental = false\npanic = \"abort\"\n"
        .parse()?;
    let table = manifest.get_mut("workspace").and_then(toml::Value::as_table_mut).context("[workspace]")?;
    table.insert("dependencies".to_owned(), dependencies.into());
    Ok(manifest)
}

/// Returns the dependencies of the programs.
fn dependencies_of(types: &Types) -> Vec<&'static str> {
    let mut used = vec!["crdgen-runtime", "serde", "serde_json"];
    if types.units.iter().flat_map(|files| files.values()).any(|text| text.contains("::k8s_openapi::")) {
        used.push("k8s-openapi");
    }
    used
}

impl Program {
    fn write(&self, types: &Types, files: &mut BTreeMap<String, String>) {
        let name = &self.name;
        let used: String = dependencies_of(types).iter().map(|used| format!("{used}.workspace = true\n")).collect();
        let manifest =
            format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{used}");
        files.insert(format!("{name}/Cargo.toml"), manifest);
        files.insert(format!("{name}/src/main.rs"), self.main());
        for unit in &self.units {
            for (path, text) in &types.units[*unit] {
                files.insert(format!("{name}/src/unit_{unit}/{path}"), text.clone());
            }
        }
    }

    fn main(&self) -> String {
        let mut modules = String::new();
        let mut arms = String::new();
        for unit in &self.units {
            let _ = writeln!(modules, "mod unit_{unit};");
        }
        for ((unit, path), index) in &self.types {
            let _ = writeln!(arms, "        {index} => through::<unit_{unit}::{path}>(json),");
        }
        TEMPLATE.replace("mod units;\n", &modules).replace("        // types\n", &arms)
    }

    /// Reads every object as its type and writes it again.
    pub fn ask<'a>(&self, questions: impl Iterator<Item = (&'a Root, &'a Value)>) -> Result<Vec<Answer>> {
        let questions: Vec<(usize, String)> =
            questions.map(|(root, object)| (self.types[&(root.unit, root.path.clone())], object.to_string())).collect();
        match &self.executable {
            Ok(executable) => self.answers(executable, &questions),
            Err(error) => {
                let refusal = || Difference::refusal(String::new(), format!("does not compile: {error}"));
                Ok(questions.iter().map(|_| Answer::Refused(refusal())).collect())
            }
        }
    }

    /// Returns the answers of a program. An object that crashes the program counts as refused, and the program runs
    /// again for the rest.
    fn answers(&self, executable: &Path, questions: &[(usize, String)]) -> Result<Vec<Answer>> {
        let mut answers = Vec::with_capacity(questions.len());
        while answers.len() < questions.len() {
            let (mut found, status) = self.run(executable, &questions[answers.len()..])?;
            answers.append(&mut found);
            if answers.len() < questions.len() {
                ensure!(!status.success(), "fewer answers than questions");
                answers.push(Answer::Refused(Difference::refusal(String::new(), status.to_string())));
            }
        }
        Ok(answers)
    }

    fn run(&self, executable: &Path, questions: &[(usize, String)]) -> Result<(Vec<Answer>, ExitStatus)> {
        let input = workspace::scratch("roundtrip").join(format!("{}.txt", self.name));
        let mut file = BufWriter::new(File::create(&input)?);
        for (index, json) in questions {
            writeln!(file, "{index} {json}")?;
        }
        file.flush()?;
        let mut child =
            Command::new(executable).stdin(File::open(&input)?).stdout(Stdio::piped()).spawn().context("no start")?;
        let lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let answers = questions.iter().zip(lines).map(|((_, json), line)| answer(json, &line?));
        let answers = answers.collect::<Result<_>>()?;
        Ok((answers, child.wait()?))
    }
}

fn answer(json: &str, line: &str) -> Result<Answer> {
    if let Some(written) = line.strip_prefix('=') {
        return Ok(Answer::Written(serde_json::from_str(written)?));
    }
    let (column, reason) = line.split_once(' ').with_context(|| format!("no answer: {line}"))?;
    Ok(Answer::Refused(Difference::refusal_at(json, column.parse()?, reason.to_owned())))
}
