//! Checks of generated files with other tools: compilers, linters and formatters.

use std::path::{Path, PathBuf};

use anyhow::Result;
use crdgen_harness::check;
use crdgen_harness::tools::{Node, Python};
use crdgen_harness::workspace;

use super::checked::{Checked, Subject};
use super::rust::Programs;

/// Runs every check for which this machine has the tools.
pub fn run(subjects: &[Subject]) -> Result<Checked> {
    let mut checked = rust(subjects)?;
    match Node::set_up()? {
        Ok(node) => {
            typescript(&node, subjects, &mut checked)?;
            redocly(&node, subjects, &mut checked)?;
        }
        Err(missing) => checked.skipped.push(format!("TypeScript and redocly: {}", missing.0)),
    }
    match Python::set_up()? {
        Ok(python) => openapi_spec(&python, subjects, &mut checked)?,
        Err(missing) => checked.skipped.push(format!("openapi-spec-validator: {}", missing.0)),
    }
    Ok(checked.counted(subjects))
}

/// Runs rustfmt and clippy.
pub fn tools(subjects: &[Subject]) -> Result<Checked> {
    Ok(rust(subjects)?.counted(subjects))
}

fn rust(subjects: &[Subject]) -> Result<Checked> {
    let mut checked = Checked::of(subjects);
    let programs = Programs::write(subjects)?;
    programs.format(&mut checked)?;
    programs.lint(&mut checked)?;
    Ok(checked)
}

fn typescript(node: &Node, subjects: &[Subject], checked: &mut Checked) -> Result<()> {
    let folder = workspace::scratch("corpus/typescript");
    workspace::empty(&folder)?;
    for subject in subjects {
        for (path, text) in &subject.output.typescript {
            workspace::write(&folder.join(&subject.set.name).join(path), text)?;
        }
    }
    checked.add(check::typescript(node, &folder)?);
    checked.by.push("tsc --strict");
    Ok(())
}

fn openapi_spec(python: &Python, subjects: &[Subject], checked: &mut Checked) -> Result<()> {
    let (folder, files) = openapi(subjects)?;
    checked.add(check::openapi_spec(python, &folder, &files)?);
    checked.by.push("openapi-spec-validator");
    Ok(())
}

fn redocly(node: &Node, subjects: &[Subject], checked: &mut Checked) -> Result<()> {
    let (folder, files) = openapi(subjects)?;
    checked.add(check::openapi_lint(node, &folder, &files)?);
    checked.by.push("redocly lint");
    Ok(())
}

/// Writes the OpenAPI documents, in a folder for each set. Returns the root folder and the files.
fn openapi(subjects: &[Subject]) -> Result<(PathBuf, Vec<PathBuf>)> {
    let folder = workspace::scratch("corpus/openapi");
    workspace::empty(&folder)?;
    let mut files = Vec::new();
    for subject in subjects {
        for (path, text) in &subject.output.openapi {
            let file = Path::new(&subject.set.name).join(path);
            workspace::write(&folder.join(&file), text)?;
            files.push(file);
        }
    }
    Ok((folder, files))
}
