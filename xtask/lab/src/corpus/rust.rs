//! Checks of generated Rust with rustfmt and clippy, in programs with the generated code as a private module.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use crdgen::pipeline::Output;
use crdgen_harness::{check, process, workspace};

use super::checked::{Checked, Subject};

/// Workspace with a program for each set. It uses the lock file, profile and target folder of this workspace, so that
/// dependencies are compiled only once.
pub struct Programs<'a> {
    folder: PathBuf,
    /// Subjects by the names of their packages.
    subjects: BTreeMap<String, &'a Subject>,
}

/// Arguments of rustfmt for the settings of several users. The first is rustfmt's default in a new package.
const STYLES: [&[&str]; 3] = [
    &["--edition", "2024"],
    &["--edition", "2021", "--config", "style_edition=2021,max_width=80,hard_tabs=true,reorder_imports=false"],
    &["--edition", "2024", "--config", "max_width=200,use_small_heuristics=Max,use_field_init_shorthand=true"],
];

impl<'a> Programs<'a> {
    /// Writes the programs.
    pub fn write(subjects: &'a [Subject]) -> Result<Self> {
        let folder = workspace::scratch("corpus/rust");
        workspace::empty(&folder)?;
        let named = |(index, subject)| (format!("set_{index}"), subject);
        let subjects: BTreeMap<String, &Subject> = subjects.iter().enumerate().map(named).collect();
        for (name, subject) in &subjects {
            write_program(&folder.join(name), name, &subject.output)?;
        }
        workspace::write(&folder.join("Cargo.toml"), &manifest()?)?;
        fs::copy(workspace::root().join("Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(Self { folder, subjects })
    }

    /// Finds the generated files that rustfmt would change.
    pub fn format(&self, checked: &mut Checked) -> Result<()> {
        for (name, subject) in &self.subjects {
            let files = workspace::files(&self.folder.join(name), "rs")?;
            let changed = reformatted(&files)?;
            checked.tools.files += files.len();
            checked.tools.reformatted += changed.len();
            checked.fail(&subject.set.name, changed.iter().map(|file| format!("rustfmt changes {file}")));
        }
        checked.by.push("rustfmt");
        Ok(())
    }

    /// Compiles the programs with clippy, for which every warning is an error.
    pub fn lint(&self, checked: &mut Checked) -> Result<()> {
        let mut clippy = process::cargo();
        clippy.args(["clippy", "--workspace", "--keep-going"]).current_dir(&self.folder);
        clippy.env("CARGO_TARGET_DIR", workspace::target());
        for (name, warnings) in check::cargo_check(&mut clippy)? {
            checked.tools.warnings += warnings.len();
            let set = self.subjects.get(&name).map_or(&name, |subject| &subject.set.name);
            checked.fail(set, warnings);
        }
        checked.tools.linted = self.subjects.len();
        checked.by.push("clippy");
        Ok(())
    }
}

/// Returns the files that rustfmt would change with the settings of some user.
pub fn reformatted(files: &[PathBuf]) -> Result<BTreeSet<String>> {
    let mut changed = BTreeSet::new();
    // This workspace has settings of its own, which rustfmt would find above the files.
    let settings = workspace::scratch("rustfmt");
    workspace::write(&settings.join("rustfmt.toml"), "")?;
    for style in STYLES {
        let mut rustfmt = Command::new("rustfmt");
        rustfmt.args(["--check", "--files-with-diff", "--config-path"]).arg(&settings).args(style).args(files);
        let output = process::capture(&mut rustfmt)?;
        let said = String::from_utf8_lossy(&output.stdout);
        changed.extend(said.lines().map(str::to_owned));
        if !output.status.success() && said.is_empty() {
            bail!("rustfmt: {}", process::text(&output));
        }
    }
    Ok(changed)
}

fn write_program(folder: &Path, name: &str, output: &Output) -> Result<()> {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         axum.workspace = true\ncrdgen-runtime.workspace = true\nk8s-openapi.workspace = true\nkube.workspace = true\n\
         serde.workspace = true\nserde_json.workspace = true\n\n[lints]\nworkspace = true\n"
    );
    workspace::write(&folder.join("Cargo.toml"), &manifest)?;
    workspace::write(&folder.join("src/main.rs"), "mod generated;\n\nfn main() {}\n")?;
    for (path, text) in &output.rust {
        workspace::write(&folder.join("src/generated").join(path), text)?;
    }
    Ok(())
}

/// Returns the manifest of this workspace, with its dependencies and profiles, but with the members and lints of users.
fn manifest() -> Result<String> {
    let manifest = fs::read_to_string(workspace::root().join("Cargo.toml")).context("Cargo.toml")?;
    let mut manifest: toml::Table = manifest.parse()?;
    let mut dependencies = workspace::dependencies()?;
    let features = vec!["server", "memory", "k8s-openapi"];
    let runtime =
        dependencies.get_mut("crdgen-runtime").and_then(toml::Value::as_table_mut).context("crdgen-runtime")?;
    runtime.insert("features".to_owned(), features.into());
    let table = manifest.get_mut("workspace").and_then(toml::Value::as_table_mut).context("[workspace]")?;
    table.insert("members".to_owned(), vec!["set_*"].into());
    table.insert("dependencies".to_owned(), dependencies.into());
    table.insert("lints".to_owned(), LINTS.parse::<toml::Table>()?.into());
    Ok(manifest.to_string())
}

/// Lints of a user who denies warnings, has every group of clippy but `restriction` on, and the lints of rustc that are
/// often added.
const LINTS: &str = r#"
[rust]
warnings = "deny"
elided_lifetimes_in_paths = "deny"
missing_debug_implementations = "deny"
non_ascii_idents = "deny"
single_use_lifetimes = "deny"
trivial_casts = "deny"
trivial_numeric_casts = "deny"
unnameable_types = "deny"
unreachable_pub = "deny"
unsafe_code = "forbid"
unused_lifetimes = "deny"
unused_qualifications = "deny"
unused_results = "deny"

[clippy]
pedantic = "deny"
nursery = "deny"
"#;
