//! Diagnostics of one CRD with their paths, and typed reading of fields.
//!
//! An ill-typed field is an error where the API server's JSON decoder refuses it. Null and absent are equal to the
//! decoder.

use std::collections::HashMap;
use std::fmt;
use std::mem;
use std::sync::Arc;

use crate::node::Entry;
use crate::texts::Texts;
use crate::{Diagnostic, Node, Severity, Source, Span, Value, nearest, truncate};

/// Maximum number of errors shown for one CRD, and of warnings.
const MAX_FINDINGS: usize = 100;

/// Maximum length in bytes of an unknown field for which a similar name is suggested.
const MAX_MISSPELLED: usize = 100;

/// Number of bytes that are searched for the end of a plain scalar. A source can be a single line of megabytes.
const MAX_PLAIN: usize = 200;

/// Path in an object, kept on the stack and formatted only for a diagnostic.
#[derive(Clone, Copy)]
pub(crate) struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Field(&'p str),
    Index(usize),
}

impl Path<'static> {
    /// Returns the path of a top-level field.
    pub(crate) const fn root(field: &'static str) -> Self {
        Self { parent: None, step: Step::Field(field) }
    }
}

impl<'p> Path<'p> {
    /// Returns the path of a field of this object.
    pub(crate) fn field(&'p self, name: &'p str) -> Self {
        Self { parent: Some(self), step: Step::Field(name) }
    }

    /// Returns whether the path is the empty path of the whole object.
    fn is_object(&self) -> bool {
        self.parent.is_none() && matches!(self.step, Step::Field(""))
    }

    /// Returns the length of the formatted path, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes_below(None)
    }

    /// Returns the length of the formatted path, in bytes. `above` is a path above this one, with its length.
    pub(crate) fn bytes_below(&self, above: Option<(&Path<'_>, usize)>) -> usize {
        let parent = self.parent.filter(|parent| !parent.is_object());
        let step = match self.step {
            Step::Index(index) => 2 + index.checked_ilog10().unwrap_or_default() as usize + 1,
            Step::Field(name) if is_bracketed(name) => 2 + name.len(),
            Step::Field(name) => usize::from(parent.is_some()) + name.len(),
        };
        let before = match (parent, above) {
            (None, _) => 0,
            (Some(parent), Some((above, bytes))) if std::ptr::addr_eq(parent, above) => bytes,
            (Some(parent), above) => parent.bytes_below(above),
        };
        before + step
    }

    /// Returns the path of an item of this list.
    pub(crate) fn index(&'p self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parent = self.parent.filter(|parent| !parent.is_object());
        if let Some(parent) = parent {
            write!(out, "{parent}")?;
        }
        match self.step {
            Step::Index(index) => write!(out, "[{index}]"),
            Step::Field(name) if is_bracketed(name) => write!(out, "[{name}]"),
            Step::Field(name) if parent.is_some() => write!(out, ".{name}"),
            Step::Field(name) => out.write_str(name),
        }
    }
}

/// Returns whether a field is in brackets in a path, because a plain name could be read as several steps.
fn is_bracketed(name: &str) -> bool {
    name.is_empty() || name.bytes().any(|byte| matches!(byte, b'.' | b'[' | b']' | b' '))
}

/// Diagnostics of one CRD.
pub(crate) struct Report<'s> {
    source: &'s Arc<Source>,
    /// Name of the CRD.
    name: String,
    diagnostics: Vec<Diagnostic>,
    /// Numbers of errors and warnings beyond [`MAX_FINDINGS`].
    left_out: (usize, usize),
    /// For each unknown field: the number of its occurrences, and the index in `diagnostics` of the warning about the
    /// first.
    unknown: HashMap<(&'static str, String), (usize, Option<usize>)>,
    /// Descriptions of this and other CRDs.
    texts: Option<&'s Texts>,
}

impl<'s> Report<'s> {
    pub(crate) fn new(source: &'s Arc<Source>, name: impl Into<String>) -> Self {
        Self {
            source,
            name: name.into(),
            diagnostics: Vec::new(),
            left_out: (0, 0),
            unknown: HashMap::new(),
            texts: None,
        }
    }

    /// Shares descriptions with other CRDs.
    pub(crate) fn sharing(self, texts: &'s Texts) -> Self {
        Self { texts: Some(texts), ..self }
    }

    /// Returns a description in the form in which schemas have it.
    pub(crate) fn share(&self, text: &str) -> Arc<str> {
        self.texts.map_or_else(|| text.into(), |texts| texts.share(text))
    }

    /// Adds a diagnostic with its place and path.
    pub(crate) fn add(&mut self, diagnostic: Diagnostic, span: Span, path: &Path<'_>) {
        match (self.count(diagnostic.severity) < MAX_FINDINGS, diagnostic.severity) {
            (true, _) => {
                let path = format!("{}: {path}", self.name);
                self.diagnostics.push(diagnostic.at(self.source, span).path(path));
            }
            (false, Severity::Error) => self.left_out.0 += 1,
            (false, Severity::Warning) => self.left_out.1 += 1,
        }
    }

    fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|found| found.severity == severity).count()
    }

    /// Adds an error without help.
    pub(crate) fn error(&mut self, code: &'static str, span: Span, path: &Path<'_>, message: impl Into<String>) {
        self.add(Diagnostic::error(code, message), span, path);
    }

    /// Returns the number of errors so far. A CRD with errors cannot be used.
    pub(crate) fn errors(&self) -> usize {
        self.left_out.0 + self.count(Severity::Error)
    }

    /// Warns of a field that is not one of `known`, the fields of `what`. Each name is reported once for a CRD.
    pub(crate) fn unknown(&mut self, what: &'static str, known: &[&str], field: &Entry, path: &Path<'_>) {
        // Looking for similar names is slow, and only the first few of thousands of fields are shown.
        let is_shown = self.count(Severity::Warning) < MAX_FINDINGS && field.key.len() <= MAX_MISSPELLED;
        let meant = if is_shown { nearest(&field.key, known.iter().copied()) } else { Vec::new() };
        let meant = meant.first().map(|meant| format!("did you mean `{meant}`?"));
        self.unknown_with(what, meant, field, path);
    }

    fn unknown_with(&mut self, what: &'static str, help: Option<String>, field: &Entry, path: &Path<'_>) {
        if let Some((places, _)) = self.unknown.get_mut(&(what, field.key.clone())) {
            *places += 1;
            return;
        }
        let position = self.diagnostics.len();
        let message = format!("{what} has no field `{}`: an API server drops it", field.key);
        let warning = Diagnostic { help, ..Diagnostic::warning("crd::unknown-field", message) };
        self.add(warning, field.span, &path.field(&field.key));
        let is_shown = self.diagnostics.len() > position;
        self.unknown.insert((what, field.key.clone()), (1, is_shown.then_some(position)));
    }

    /// Returns the plain scalar (without quotes) at a position of the source.
    fn plain(&self, span: Span) -> Option<&'s str> {
        let text = truncate::beginning(self.source.text.get(span.offset..)?, MAX_PLAIN).lines().next()?;
        let end = text.find([',', ']', '}']).into_iter().chain(text.find(": ")).chain(text.find(" #")).min();
        let plain = text[..end.unwrap_or(text.len())].trim_end().trim_end_matches(':');
        (!plain.is_empty() && !plain.starts_with(['"', '\'', '&', '*', '!', '|', '>', '?', '{', '['])).then_some(plain)
    }

    /// Warns of an `enum` value that no string can equal, because kubectl reads it as a boolean or a number.
    pub(crate) fn enum_of_strings(&mut self, value: &Node, path: &Path<'_>) {
        if matches!(value.value, Value::Bool(_) | Value::Int(_) | Value::Float(_)) {
            let message = format!("no string equals this enum value, which is {}", value.kind());
            let warning = Diagnostic { help: self.quotes(value), ..Diagnostic::warning("schema::enum", message) };
            self.add(warning, value.span, path);
        }
    }

    /// Warns of a property whose name differs from the written one, because kubectl reads the written name as a boolean
    /// or a number.
    pub(crate) fn property_name(&mut self, property: &Entry, path: &Path<'_>) {
        let is_converted = matches!(property.key.as_str(), "true" | "false") || property.key.parse::<f64>().is_ok();
        let written = is_converted.then(|| self.plain(property.span)).flatten();
        if let Some(written) = written.filter(|written| *written != property.key) {
            let message = format!(
                "this property is named `{}`, because kubectl reads the unquoted `{written}` as that",
                property.key
            );
            let warning = Diagnostic::warning("schema::property-name", message);
            self.add(warning.help(format!("write the name in quotes: \"{written}\"")), property.span, path);
        }
    }

    /// Returns the advice to quote a value that kubectl does not read as a string.
    fn quotes(&self, node: &Node) -> Option<String> {
        let is_converted = matches!(node.value, Value::Bool(_) | Value::Int(_) | Value::Float(_));
        let written = is_converted.then(|| self.plain(node.span)).flatten()?;
        Some(format!("kubectl reads the unquoted `{written}` as {}: write \"{written}\"", node.kind()))
    }

    /// Returns all diagnostics.
    pub(crate) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        for (places, position) in self.unknown.values().filter(|(places, _)| *places > 1) {
            if let Some(warning) = position.and_then(|position| self.diagnostics.get_mut(position)) {
                let more = if *places == 2 { "1 more place" } else { &format!("{} more places", places - 1) };
                warning.message += &format!(" (here and in {more})");
            }
        }
        let message = |count| format!("{}: {count} more findings are not shown", self.name);
        match self.left_out {
            (0, 0) => {}
            (0, warnings) => self.diagnostics.push(Diagnostic::warning("crd::too-many", message(warnings))),
            (errors, warnings) => self.diagnostics.push(Diagnostic::error("crd::too-many", message(errors + warnings))),
        }
        self.diagnostics
    }

    pub(crate) fn string(&mut self, node: Node, path: &Path<'_>) -> Option<String> {
        match node.value {
            Value::String(text) => Some(text),
            Value::Null => None,
            _ => {
                let message = format!("must be a string, but is {}", node.kind());
                let error = Diagnostic { help: self.quotes(&node), ..Diagnostic::error("crd::type", message) };
                self.add(error, node.span, path);
                None
            }
        }
    }

    pub(crate) fn boolean(&mut self, node: Node, path: &Path<'_>) -> Option<bool> {
        match node.value {
            Value::Bool(value) => Some(value),
            _ => self.ill_typed(&node, path, "true or false"),
        }
    }

    pub(crate) fn integer(&mut self, node: Node, path: &Path<'_>) -> Option<i64> {
        match node.value {
            Value::Int(value) => Some(value),
            _ => self.ill_typed(&node, path, "an integer"),
        }
    }

    pub(crate) fn number(&mut self, node: Node, path: &Path<'_>) -> Option<f64> {
        match node.value {
            Value::Int(value) => Some(value as f64),
            Value::Float(value) => Some(value),
            _ => self.ill_typed(&node, path, "a number"),
        }
    }

    pub(crate) fn list(&mut self, node: Node, path: &Path<'_>) -> Vec<Node> {
        match node.value {
            Value::List(items) => items,
            _ => self.ill_typed(&node, path, "a list").unwrap_or_default(),
        }
    }

    pub(crate) fn map(&mut self, node: Node, path: &Path<'_>) -> Vec<Entry> {
        match node.value {
            Value::Map(entries) => entries,
            _ => self.ill_typed(&node, path, "a mapping").unwrap_or_default(),
        }
    }

    pub(crate) fn strings(&mut self, node: Node, path: &Path<'_>) -> Vec<String> {
        let items = self.list(node, path).into_iter().enumerate();
        items.map(|(index, item)| self.string(item, &path.index(index)).unwrap_or_default()).collect()
    }

    /// Adds an error for a value of the wrong type, unless it is null. Null counts as absent.
    fn ill_typed<T>(&mut self, node: &Node, path: &Path<'_>, wanted: &str) -> Option<T> {
        if node.value != Value::Null {
            self.error("crd::type", node.span, path, format!("must be {wanted}, but is {}", node.kind()));
        }
        None
    }
}

/// Fields of an object. Readers take them one by one.
pub(crate) struct Fields<'p> {
    span: Span,
    path: &'p Path<'p>,
    entries: Vec<Entry>,
}

impl<'p> Fields<'p> {
    /// Returns the fields of a top-level object.
    pub(crate) fn root(node: Node, report: &mut Report<'_>) -> Self {
        const NOWHERE: Path<'static> = Path::root("");
        Self::new(node, &NOWHERE, report)
    }

    pub(crate) fn new(node: Node, path: &'p Path<'p>, report: &mut Report<'_>) -> Self {
        let span = node.span;
        Self { span, path, entries: report.map(node, path) }
    }

    /// Warns of every field that is not one of `known`, the fields of `what`.
    pub(crate) fn only(&self, what: &'static str, known: &[&str], report: &mut Report<'_>) {
        self.only_and_moved(what, known, &[], report);
    }

    /// Warns as [`Self::only`] does, with help for fields that have moved.
    pub(crate) fn only_and_moved(
        &self,
        what: &'static str,
        known: &[&str],
        moved: &[(&str, &str)],
        report: &mut Report<'_>,
    ) {
        for entry in self.entries.iter().filter(|entry| !known.contains(&entry.key.as_str())) {
            match moved.iter().find(|(name, _)| *name == entry.key) {
                Some((_, help)) => report.unknown_with(what, Some((*help).to_owned()), entry, self.path),
                None => report.unknown(what, known, entry, self.path),
            }
        }
    }

    /// Takes the value of a field. Returns `None` when the field is absent or null.
    pub(crate) fn take(&mut self, name: &str) -> Option<Node> {
        let node = &mut self.entries.iter_mut().find(|entry| entry.key == name)?.value;
        let value = mem::replace(&mut node.value, Value::Null);
        (value != Value::Null).then_some(Node { value, span: node.span })
    }

    /// Adds a diagnostic about a field, whether or not it was taken.
    pub(crate) fn add(&self, name: &str, diagnostic: Diagnostic, report: &mut Report<'_>) {
        report.add(diagnostic, self.span_of(name), &self.path.field(name));
    }

    /// The place of a field, taken or not; of an absent one, of the object.
    pub(crate) fn span_of(&self, name: &str) -> Span {
        self.entries.iter().find(|entry| entry.key == name).map_or(self.span, |entry| entry.value.span)
    }

    /// Adds an error about a field, without help.
    pub(crate) fn error(&self, name: &str, code: &'static str, message: impl Into<String>, report: &mut Report<'_>) {
        self.add(name, Diagnostic::error(code, message), report);
    }

    pub(crate) fn string(&mut self, name: &str, report: &mut Report<'_>) -> Option<String> {
        report.string(self.take(name)?, &self.path.field(name))
    }

    pub(crate) fn boolean(&mut self, name: &str, report: &mut Report<'_>) -> Option<bool> {
        report.boolean(self.take(name)?, &self.path.field(name))
    }

    pub(crate) fn integer(&mut self, name: &str, report: &mut Report<'_>) -> Option<i64> {
        report.integer(self.take(name)?, &self.path.field(name))
    }

    /// Takes a required object and returns its fields. Adds an error when the object is absent.
    pub(crate) fn object<'f>(&mut self, name: &str, path: &'f Path<'f>, report: &mut Report<'_>) -> Fields<'f> {
        match self.take(name) {
            Some(node) => Fields::new(node, path, report),
            None => {
                report.error("crd::missing", self.span, path, "this field is required, but missing");
                self.without(path)
            }
        }
    }

    /// Takes an optional object and returns its fields, or none when the object is absent.
    pub(crate) fn object_or_empty<'f>(
        &mut self,
        name: &str,
        path: &'f Path<'f>,
        report: &mut Report<'_>,
    ) -> Fields<'f> {
        match self.take(name) {
            Some(node) => Fields::new(node, path, report),
            None => self.without(path),
        }
    }

    /// Returns the fields of an absent object.
    fn without<'f>(&self, path: &'f Path<'f>) -> Fields<'f> {
        Fields { span: self.span, path, entries: Vec::new() }
    }

    pub(crate) fn list(&mut self, name: &str, report: &mut Report<'_>) -> Vec<Node> {
        self.take(name).map_or_else(Vec::new, |node| report.list(node, &self.path.field(name)))
    }

    pub(crate) fn strings(&mut self, name: &str, report: &mut Report<'_>) -> Vec<String> {
        self.take(name).map_or_else(Vec::new, |node| report.strings(node, &self.path.field(name)))
    }

    /// Takes a required string. Adds an error when the string is absent or empty.
    pub(crate) fn required(&mut self, name: &str, report: &mut Report<'_>) -> String {
        let before = report.diagnostics.len();
        match self.string(name, report) {
            Some(text) if !text.is_empty() => text,
            _ => {
                if report.diagnostics.len() == before {
                    self.error(name, "crd::missing", "this field is required, but missing", report);
                }
                String::new()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_a_path_is_that_of_its_text() {
        let object = Path::root("");
        let spec = object.field("spec");
        let [plain, bracketed, empty] = ["ports", "a.b", ""].map(|name| spec.field(name));
        for path in [object, spec, plain, bracketed, empty, plain.index(0), plain.index(9), plain.index(10)] {
            assert_eq!(path.bytes(), path.to_string().len(), "{path}");
            let below = path.field("name");
            assert_eq!(below.bytes(), below.to_string().len(), "{below}");
            assert_eq!(below.bytes_below(Some((&path, path.bytes()))), below.bytes());
        }
    }
}
