//! Comparison with datamodel-code-generator and its defaults: changes of the names of one CRD's types when the CRD gets
//! one optional property.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;

use anyhow::{Context, Result};
use crdgen_harness::tools::Python;
use crdgen_harness::{process, workspace};
use crdgen_model::Names as Locked;
use crdgen_schema::Crd;
use serde::Serialize;

use super::in_order::in_order;
use super::mutation::{Mutation, place};
use super::spot;
use super::subject::{Subject, generate, types};

/// Number of names whose fields changed, and number of all names.
#[derive(Clone, Copy, Default, Serialize)]
pub struct Moved {
    moved: usize,
    names: usize,
}

/// Results of both generators on the same CRDs.
#[derive(Default, Serialize)]
pub struct Compared {
    crds: usize,
    datamodel: Moved,
    /// CRD with the most changed names of datamodel-code-generator, and its numbers.
    worst: Option<(String, Moved)>,
    locked: Moved,
    unlocked: Moved,
    /// Reason why there is no comparison.
    skipped: Option<String>,
}

/// Names of types with the names of their fields.
type Fields = BTreeMap<String, Vec<String>>;

/// Maximum number of objects in a CRD, because datamodel-code-generator is slow.
const LARGEST: usize = 200;

/// Compares the generators on one CRD of each project.
pub fn compare(subjects: &[Subject]) -> Result<Compared> {
    let python = match Python::datamodel() {
        Ok(Ok(python)) => python,
        Ok(Err(missing)) => return Ok(Compared { skipped: Some(missing.0.to_owned()), ..Compared::default() }),
        Err(error) => return Ok(Compared { skipped: Some(format!("{error:#}")), ..Compared::default() }),
    };
    workspace::empty(&workspace::scratch("stability"))?;
    let crds: Vec<&Crd> = subjects.iter().filter_map(subject).collect();
    let mut compared = Compared::default();
    in_order(
        crds.len(),
        |index| one(&python, index, crds[index]),
        |index, found| {
            if let Some([datamodel, locked, unlocked]) = found? {
                compared.add(crds[index], datamodel, locked, unlocked);
            }
            Ok(())
        },
    )?;
    Ok(compared)
}

/// Returns the largest CRD that is not too large.
fn subject(subject: &Subject) -> Option<&Crd> {
    let sized = subject.crds.iter().filter_map(|crd| Some((spot::objects(place::stored(crd)?).len(), crd)));
    sized.filter(|(size, _)| (5..=LARGEST).contains(size)).max_by_key(|(size, _)| *size).map(|(_, crd)| crd)
}

/// Returns the changes for datamodel-code-generator, and for crdgen with a lock and without. Returns `None` if a
/// generator has no result.
fn one(python: &Python, index: usize, crd: &Crd) -> Result<Option<[Moved; 3]>> {
    let before = vec![crd.clone()];
    let Some(after) = Mutation::COMPARED.of(&before, &[]) else { return Ok(None) };
    let [old, new] = [("before", &before[0]), ("after", &after[0])]
        .map(|(when, crd)| python_classes(python, &format!("{index}-{when}"), crd));
    let (Some(old), Some(new)) = (old?, new?) else { return Ok(None) };
    let rust = |crds: &[Crd], locked: &Locked| -> Result<(Fields, Locked)> {
        let (surfaces, names) = generate(crds, locked, &types())?;
        let (_, rust) = surfaces.into_iter().next().context("no Rust was generated")?;
        Ok((rust.fields(), names))
    };
    let (ours, locked) = rust(&before, &Locked::default())?;
    let (with_lock, _) = rust(&after, &locked)?;
    let (without, _) = rust(&after, &Locked::default())?;
    Ok(Some([moved(&old, &new), moved(&ours, &with_lock), moved(&ours, &without)]))
}

fn python_classes(python: &Python, name: &str, crd: &Crd) -> Result<Option<Fields>> {
    let Some(schema) = place::stored(crd) else { return Ok(None) };
    let folder = workspace::scratch("stability");
    let (input, output) = (folder.join(format!("{name}.json")), folder.join(format!("{name}.py")));
    let mut schema = schema.to_json();
    schema["title"] = crd.names.kind.as_str().into();
    workspace::write(&input, &schema.to_string())?;
    let mut command = python.datamodel_codegen();
    command.arg("--input").arg(&input).arg("--output").arg(&output);
    let done = process::capture(&mut command)?.status.success();
    Ok(done.then(|| fs::read_to_string(&output)).transpose()?.map(|text| classes(&text)))
}

/// Returns the classes of a Python file with their fields or enum values.
fn classes(text: &str) -> Fields {
    let mut classes = Fields::new();
    let mut current = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("class ") {
            current = rest.split(['(', ':']).next().unwrap_or_default().to_owned();
            classes.insert(current.clone(), Vec::new());
            continue;
        }
        let Some(field) = line.strip_prefix("    ").filter(|rest| !rest.starts_with(' ')) else { continue };
        let name = field.split([':', ' ']).next().unwrap_or_default();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if let Some(fields) = classes.get_mut(&current).filter(|_| is_name) {
            fields.push(name.to_owned());
        }
    }
    classes
}

/// Counts the changed names. A name has changed if it is gone, or if its fields differ by more than one additional
/// field, which is the new property.
fn moved(before: &Fields, after: &Fields) -> Moved {
    let grown =
        |old: &[String], new: &[String]| new.len() == old.len() + 1 && old.iter().all(|field| new.contains(field));
    let stays = |name: &String, old: &Vec<String>| {
        let now = after.get(name);
        now.is_some_and(|new| new == old || grown(old, new))
    };
    let moved = before.iter().filter(|(name, old)| !stays(name, old)).count();
    Moved { moved, names: before.len() }
}

impl Compared {
    fn add(&mut self, crd: &Crd, datamodel: Moved, locked: Moved, unlocked: Moved) {
        self.crds += 1;
        self.datamodel += datamodel;
        self.locked += locked;
        self.unlocked += unlocked;
        if self.worst.as_ref().is_none_or(|(_, worst)| worst.moved < datamodel.moved) {
            self.worst = Some((crd.name.clone(), datamodel));
        }
    }
}

impl std::ops::AddAssign for Moved {
    fn add_assign(&mut self, other: Self) {
        self.moved += other.moved;
        self.names += other.names;
    }
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} names", self.moved, self.names)
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(why) = &self.skipped {
            return write!(f, "SKIPPED: the comparison with datamodel-code-generator: {why}");
        }
        writeln!(
            f,
            "one optional property more, like one that stands elsewhere, in each of {} CRDs; names that stand for other fields \
             than before:",
            self.crds
        )?;
        writeln!(f, "  datamodel-code-generator: {}", self.datamodel)?;
        if let Some((crd, worst)) = &self.worst {
            writeln!(f, "    most of them in {crd}: {worst}")?;
        }
        writeln!(f, "  crdgen without a lock: {}", self.unlocked)?;
        write!(f, "  crdgen with the lock: {}", self.locked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PYTHON: &str = "class A(BaseModel):\n    a: str = Field(\n        None, description='x'\n    )\n    b: C | None = None\n\n\nclass C(Enum):\n    x = 'x'\n";

    #[test]
    fn classes_are_read_with_their_fields() {
        let classes = classes(PYTHON);
        assert_eq!(classes["A"], ["a", "b"]);
        assert_eq!(classes["C"], ["x"]);
    }

    #[test]
    fn a_name_moves_when_it_stands_for_other_fields() {
        let fields = |pairs: &[(&str, &[&str])]| -> Fields {
            let owned = |fields: &[&str]| fields.iter().map(|field| (*field).to_owned()).collect();
            pairs.iter().map(|(name, fields)| ((*name).to_owned(), owned(fields))).collect()
        };
        let before = fields(&[("A", &["x"]), ("B", &["y"]), ("C", &["z"]), ("D", &["w"])]);
        let after = fields(&[("A", &["x"]), ("B", &["new", "y"]), ("C", &["y"])]);
        assert_eq!(moved(&before, &after).moved, 2);
    }
}
