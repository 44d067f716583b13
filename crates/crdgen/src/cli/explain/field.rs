//! Documentation of a field in a terminal.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;

use crdgen_docs::{Field, Part, facts, fields, type_in_words};
use crdgen_schema::crd::{Crd, Version};
use crdgen_schema::{Diagnostic, Schema, nearest};

use super::code::unknown;
use super::paragraph::wrapped;
use crate::cli::error::CliError;
use crate::cli::outcome::{Outcome, is_failure};
use crate::lock::Record;
use crate::output::site::shown;
use crate::pipeline::{self, Input};
use crate::project::{ConfigFile, Problem, Reading, Request, working_directory};
use crate::report::Reporter;
use crate::text::printable;

/// Returns the documentation of `KIND` or `KIND.path`.
pub(super) fn explained(
    topic: &str,
    inputs: &[String],
    config: ConfigFile,
    reporter: &Reporter,
) -> Result<(String, Outcome), CliError> {
    let working_directory = working_directory()?;
    let request = Request { inputs: inputs.to_vec(), config, ..Request::default() };
    let reading = Reading::new(request, &working_directory).map_err(|problem| match problem {
        // Without inputs the topic can only be a code.
        Problem::Usage(_) => unknown(topic),
        Problem::Found(_) => CliError::at_start("explain", problem),
    })?;
    let input = pipeline::read(&reading.inputs, io::stdin().lock());
    let failed = is_failure(&input.diagnostics);
    if failed && input.crds.is_empty() {
        return Err(CliError::Failed(input.diagnostics));
    }
    reporter.diagnostics(&input.diagnostics);
    let record = Record::read(&reading.lock, &shown(&reading.lock, &working_directory))?;
    let names = names(&input, &reading, &record);
    let text = Topic::of(topic).text(&input.crds, &names)?;
    Ok((text, if failed { Outcome::Failed } else { Outcome::Done }))
}

/// Names of generated types, by group, version and path.
type Names = HashMap<(String, String, String), String>;

/// Returns the names of generated types. Without a model there are none: the documentation needs no model.
fn names(input: &Input, reading: &Reading, record: &Record) -> Names {
    let Ok(modelled) = pipeline::model(&input.crds, &reading.selection, &record.lock.names) else {
        return Names::new();
    };
    let lowered = &modelled.lowered;
    let named = lowered.paths.iter().filter_map(|entry| {
        let resource = lowered.model.resource(entry.resource);
        let name = lowered.model.get(entry.named?).name.clone();
        Some(((resource.group.clone(), resource.version.clone(), entry.path.clone()), name))
    });
    named.collect()
}

/// A kind, and the path of a field.
struct Topic<'t> {
    kind: &'t str,
    path: Vec<&'t str>,
}

impl<'t> Topic<'t> {
    fn of(text: &'t str) -> Self {
        let mut names = text.split('.');
        let kind = names.next().unwrap_or_default();
        Self { kind, path: names.map(|name| name.trim_end_matches(['[', ']', '{', '}', '*'])).collect() }
    }

    fn text(&self, crds: &[Crd], names: &Names) -> Result<String, CliError> {
        let crds: Vec<&Crd> = crds.iter().filter(|crd| is_called(crd, self.kind)).collect();
        if crds.is_empty() {
            return Err(Diagnostic::error("paths::kind", format!("there is no kind `{}`", self.kind))
                .help("a topic is a diagnostic code, or a kind of the inputs with the path of a field")
                .into());
        }
        let mut texts = Vec::new();
        let mut missing = None;
        for crd in crds {
            let Some(version) = crd.versions.iter().max_by_key(|version| (version.storage, version.served)) else {
                continue;
            };
            match self.place(crd, version) {
                Ok(place) => texts.push(place.text(names)),
                Err(error) => _ = missing.get_or_insert(error),
            }
        }
        match (texts.is_empty(), missing) {
            (true, Some(error)) => Err(error.into()),
            _ => Ok(texts.join("\n")),
        }
    }

    /// Follows the path through the fields of a version.
    fn place<'s>(&self, crd: &'s Crd, version: &'s Version) -> Result<Place<'s>, Box<Diagnostic>> {
        let mut place =
            Place { crd, version, path: crd.names.kind.clone(), levels: String::new(), schema: &version.schema };
        for name in &self.path {
            let (bottom, levels) = place.bottom();
            let Some(field) = fields(bottom).find(|field| field.name == *name) else {
                let there = format!("{}{levels} has no field `{name}`", place.path);
                let near = nearest(name, bottom.properties.keys().map(String::as_str));
                let error = Diagnostic::error("paths::path", there);
                let similar = format!("similar: {}", near.join(", "));
                return Err(Box::new(if near.is_empty() { error } else { error.help(similar) }));
            };
            place.path.push_str(&levels);
            place.path.push('.');
            place.path.push_str(name);
            place.schema = field.schema;
            place.levels.clear();
        }
        Ok(place)
    }
}

fn is_called(crd: &Crd, name: &str) -> bool {
    let names = &crd.names;
    let known = [&names.kind, &names.plural, &names.singular].into_iter().chain(&names.short_names);
    known.into_iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Field of a version, or the whole object.
struct Place<'s> {
    crd: &'s Crd,
    version: &'s Version,
    path: String,
    levels: String,
    schema: &'s Schema,
}

impl<'s> Place<'s> {
    /// Returns the object at the bottom of the field's lists and maps.
    fn bottom(&self) -> (&'s Schema, String) {
        Field { name: "", schema: self.schema, is_required: false }.bottom()
    }

    fn name<'n>(&self, names: &'n Names, path: String) -> Option<&'n str> {
        let key = (self.crd.group.clone(), self.version.name.clone(), path);
        names.get(&key).map(String::as_str)
    }

    fn text(&self, names: &Names) -> String {
        let mut out = String::new();
        let api = format!("{}/{}", self.crd.group, self.version.name);
        let _ = writeln!(out, "{} ({api})", printable(&self.path));
        let generated = self.name(names, self.path.clone()).map(|name| format!(", {name}")).unwrap_or_default();
        let _ = writeln!(out, "{}{generated}", printable(&type_in_words(self.schema)));
        if let Some(description) = &self.schema.description {
            let paragraphs = description.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty());
            paragraphs.for_each(|paragraph| out.push_str(&format!("\n{}\n", wrapped(&printable(paragraph)))));
        }
        let facts = facts(self.schema);
        out.push_str(if facts.is_empty() { "" } else { "\n" });
        for fact in facts {
            let parts = fact.parts.iter().map(|part| match part {
                Part::Text(text) => printable(text).into_owned(),
                Part::Code(code) => format!("`{}`", printable(code)),
            });
            let _ = writeln!(out, "{}: {}", fact.label, parts.collect::<String>());
        }
        self.fields(names, &mut out);
        out
    }

    /// Adds the fields below, one a line: name, type and the name of the generated type.
    fn fields(&self, names: &Names, out: &mut String) {
        let (bottom, levels) = self.bottom();
        let width = bottom.properties.keys().map(|name| name.chars().count()).max().unwrap_or_default();
        out.push_str(if bottom.properties.is_empty() { "" } else { "\nFields:\n" });
        for field in fields(bottom) {
            let name = printable(field.name).into_owned();
            let type_ = type_in_words(field.schema);
            let generated = self.name(names, format!("{}{levels}.{}", self.path, field.name));
            let generated = generated.map(|name| format!(", {name}")).unwrap_or_default();
            let required = if field.is_required { ", required" } else { "" };
            let _ = writeln!(out, "  {name:<width$}  {}{generated}{required}", printable(&type_));
        }
    }
}
