//! The findings about one CRD, each with its path, and the typed reading of fields that makes most of them.
//!
//! Ill-typed fields are findings where the API server's JSON decoder refuses them; null and absent are the same to it.

use std::fmt;
use std::mem;
use std::sync::Arc;

use crate::node::Entry;
use crate::{Diagnostic, Node, Severity, Source, Span, Value};

/// More findings than a reader takes in say no more than the first ones.
const MAX_FINDINGS: usize = 100;

/// A path in an object, kept on the stack and only written out when something is wrong.
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
    /// The path of a top-level field.
    pub(crate) const fn root(field: &'static str) -> Self {
        Self { parent: None, step: Step::Field(field) }
    }
}

impl<'p> Path<'p> {
    /// The path of a field below this one.
    pub(crate) fn field(&'p self, name: &'p str) -> Self {
        Self { parent: Some(self), step: Step::Field(name) }
    }

    /// The path of an item of this list.
    pub(crate) fn index(&'p self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index) }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(out, "{parent}")?;
        }
        match self.step {
            Step::Index(index) => write!(out, "[{index}]"),
            Step::Field(name) if name.is_empty() || name.contains(['.', '[', ']', ' ']) => write!(out, "[{name}]"),
            Step::Field(name) if self.parent.is_some() => write!(out, ".{name}"),
            Step::Field(name) => out.write_str(name),
        }
    }
}

/// Collects what is wrong with one CRD.
pub(crate) struct Report<'s> {
    source: &'s Arc<Source>,
    /// What the CRD is called.
    name: String,
    diagnostics: Vec<Diagnostic>,
    /// Errors and warnings that are not shown.
    left_out: LeftOut,
}

#[derive(Default)]
struct LeftOut {
    errors: usize,
    warnings: usize,
}

impl<'s> Report<'s> {
    pub(crate) fn new(source: &'s Arc<Source>, name: impl Into<String>) -> Self {
        Self { source, name: name.into(), diagnostics: Vec::new(), left_out: LeftOut::default() }
    }

    /// Adds a finding at a place and path.
    pub(crate) fn add(&mut self, diagnostic: Diagnostic, span: Span, path: &Path<'_>) {
        match self.diagnostics.len() < MAX_FINDINGS {
            true => {
                let path = format!("{}: {path}", self.name);
                self.diagnostics.push(diagnostic.at(self.source, span).path(path));
            }
            false if diagnostic.severity == Severity::Error => self.left_out.errors += 1,
            false => self.left_out.warnings += 1,
        }
    }

    /// Adds an error without help.
    pub(crate) fn error(&mut self, code: &'static str, span: Span, path: &Path<'_>, message: impl Into<String>) {
        self.add(Diagnostic::error(code, message), span, path);
    }

    /// Number of errors so far; with one the CRD cannot be used.
    pub(crate) fn errors(&self) -> usize {
        self.left_out.errors + self.diagnostics.iter().filter(|found| found.severity == Severity::Error).count()
    }

    /// All findings.
    pub(crate) fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        let LeftOut { errors, warnings } = self.left_out;
        let message = format!("{}: {} more findings are not shown", self.name, errors + warnings);
        if errors > 0 {
            self.diagnostics.push(Diagnostic::error("crd::too-many", message));
        } else if warnings > 0 {
            self.diagnostics.push(Diagnostic::warning("crd::too-many", message));
        }
        self.diagnostics
    }

    pub(crate) fn string(&mut self, node: Node, path: &Path<'_>) -> Option<String> {
        match node.value {
            Value::String(text) => Some(text),
            _ => self.ill_typed(&node, path, "a string"),
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

    /// Null is absent; any other value of a wrong type is refused.
    fn ill_typed<T>(&mut self, node: &Node, path: &Path<'_>, wanted: &str) -> Option<T> {
        if node.value != Value::Null {
            self.error("crd::type", node.span, path, format!("must be {wanted}, but is {}", node.kind()));
        }
        None
    }
}

/// The fields of an object, taken one by one.
pub(crate) struct Fields<'p> {
    span: Span,
    path: &'p Path<'p>,
    entries: Vec<Entry>,
}

impl<'p> Fields<'p> {
    /// The fields of a top-level object.
    pub(crate) fn root(node: Node, report: &mut Report<'_>) -> Self {
        const NOWHERE: Path<'static> = Path::root("");
        Self::new(node, &NOWHERE, report)
    }

    pub(crate) fn new(node: Node, path: &'p Path<'p>, report: &mut Report<'_>) -> Self {
        let span = node.span;
        Self { span, path, entries: report.map(node, path) }
    }

    /// Takes a field that is there and not null.
    pub(crate) fn take(&mut self, name: &str) -> Option<Node> {
        let node = &mut self.entries.iter_mut().find(|entry| entry.key == name)?.value;
        let value = mem::replace(&mut node.value, Value::Null);
        (value != Value::Null).then_some(Node { value, span: node.span })
    }

    /// Adds a finding about a field, taken or not.
    pub(crate) fn add(&self, name: &str, diagnostic: Diagnostic, report: &mut Report<'_>) {
        let span = self.entries.iter().find(|entry| entry.key == name).map_or(self.span, |entry| entry.value.span);
        report.add(diagnostic, span, &self.path.field(name));
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

    /// The fields of an object that must be there.
    pub(crate) fn object<'f>(&mut self, name: &str, path: &'f Path<'f>, report: &mut Report<'_>) -> Fields<'f> {
        match self.take(name) {
            Some(node) => Fields::new(node, path, report),
            None => {
                report.error("crd::missing", self.span, path, "must be given");
                self.without(path)
            }
        }
    }

    /// The fields of an object that may be absent.
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

    /// An object that is absent here.
    fn without<'f>(&self, path: &'f Path<'f>) -> Fields<'f> {
        Fields { span: self.span, path, entries: Vec::new() }
    }

    pub(crate) fn list(&mut self, name: &str, report: &mut Report<'_>) -> Vec<Node> {
        self.take(name).map_or_else(Vec::new, |node| report.list(node, &self.path.field(name)))
    }

    pub(crate) fn strings(&mut self, name: &str, report: &mut Report<'_>) -> Vec<String> {
        self.take(name).map_or_else(Vec::new, |node| report.strings(node, &self.path.field(name)))
    }

    /// A string that must be there and not empty.
    pub(crate) fn required(&mut self, name: &str, report: &mut Report<'_>) -> String {
        let before = report.diagnostics.len();
        match self.string(name, report) {
            Some(text) if !text.is_empty() => text,
            _ => {
                if report.diagnostics.len() == before {
                    self.error(name, "crd::missing", "must be given", report);
                }
                String::new()
            }
        }
    }
}
