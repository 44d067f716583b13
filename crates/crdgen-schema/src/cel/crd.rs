//! Checks of the rules of a CRD, as an API server makes them when the CRD is created. Follows
//! `ValidateCustomResourceDefinitionOpenAPISchema` and `cel_validation.go` of apiextensions-apiserver, and `compilation.go`
//! of its package for CEL.

mod cost;
mod defaults;
mod problems;

use crdgen_cel::re2::Patterns;
use crdgen_cel::{CompileError, Facts, Type};

use self::cost::{Cardinality, Total, Unlimited};
use self::problems::Problems;
use super::rule::CompiledRule;
use super::schema_type::{Place, type_of};
use crate::report::{Path, Report};
use crate::schema::{Additional, ListType, Schema};
use crate::{Crd, Diagnostic, Severity, truncate};

/// Returns the problems that an API server would find in the CEL rules of a CRD, as diagnostics of this severity: rules
/// that do not compile, cost too much, or are violated by a default.
///
/// Rules that only an API server can check cause the warning `cel::unchecked`, whatever the severity is.
///
/// # Examples
///
/// ```
/// use crdgen_schema::cel::check_crd;
/// use crdgen_schema::{Severity, crds, documents};
/// # use std::sync::Arc;
///
/// # let text = r#"{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
/// # "metadata": {"name": "boats.example.com"}, "spec": {"group": "example.com", "scope": "Namespaced",
/// # "names": {"kind": "Boat", "plural": "boats"}, "versions": [{"name": "v1", "served": true, "storage": true,
/// # "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object",
/// # "properties": {"crew": {"type": "integer"}},
/// # "x-kubernetes-validations": [{"rule": "self.crews > 0"}]}}}}}]}}"#;
/// # let source = Arc::new(crdgen_schema::Source { name: "boats.json".to_owned(), text: text.to_owned() });
/// let mut diagnostics = Vec::new();
/// let found = crds(documents(&source, &mut diagnostics), &mut diagnostics);
/// let problems = check_crd(&found.crds[0], Severity::Error);
/// assert_eq!(problems[0].code, "cel::compile");
/// assert_eq!(problems[0].message, "an API server refuses the rule `self.crews > 0`: undefined field `crews`");
/// ```
pub fn check_crd(crd: &Crd, severity: Severity) -> Vec<Diagnostic> {
    let mut report = Report::new(&crd.source, &crd.name);
    let path = Path::root("spec");
    let path = path.field("versions");
    for (index, version) in crd.versions.iter().enumerate() {
        let path = path.index(index);
        let path = path.field("schema");
        check_schema(&version.schema, severity, &path.field("openAPIV3Schema"), &mut report);
    }
    report.into_diagnostics()
}

fn check_schema(schema: &Schema, severity: Severity, path: &Path<'_>, report: &mut Report<'_>) {
    if !schema.has_rules() {
        return;
    }
    let mut problems = Problems { severity, report };
    // As in the server, rules are only compiled if the defaults are valid.
    if !defaults::check(schema, path, &mut problems) {
        return;
    }
    let mut check = Check { patterns: Patterns::new(), total: Total::default(), problems };
    let root = Node {
        type_: (!schema.validations.is_empty()).then(|| TypeInfo::of(schema, Place::Resource)),
        cardinality: Cardinality::ONE,
        uncorrelated: false,
    };
    let unlimited = Unlimited::default();
    check.node(schema, &root, &unlimited, path);
    check.check_total(schema, path);
}

/// Type of a node, as the server finds it. A rule on a node without a type is an error.
#[derive(Clone, Debug)]
enum TypeInfo {
    Known(Type),
    Missing,
}

impl TypeInfo {
    fn of(schema: &Schema, place: Place) -> Self {
        Self::exposed(Some(type_of(schema, place)))
    }

    fn exposed(type_: Option<Type>) -> Self {
        type_.filter(Type::is_exposed).map_or(Self::Missing, Self::Known)
    }
}

/// Properties of a schema node that depend on the nodes above it.
struct Node {
    /// Type, if the node or one above it has rules.
    type_: Option<TypeInfo>,
    cardinality: Cardinality,
    /// Whether a list above the node does not find old items.
    uncorrelated: bool,
}

/// Step from a node to one below it.
#[derive(Clone, Copy)]
enum Step<'s> {
    Property(&'s str),
    Items,
    Values,
}

impl Node {
    fn child(&self, parent: &Schema, child: &Schema, step: Step<'_>) -> Self {
        let is_atomic = matches!(step, Step::Items) && parent.list_type != Some(ListType::Map);
        Self {
            type_: self.type_below(child, step),
            cardinality: self.cardinality.below(parent),
            uncorrelated: self.uncorrelated || is_atomic,
        }
    }

    /// Returns the type of a child: from the type of this node if possible, from the child's schema if not.
    fn type_below(&self, child: &Schema, step: Step<'_>) -> Option<TypeInfo> {
        match (&self.type_, step) {
            (None, _) if child.validations.is_empty() => None,
            (None, _) => Some(TypeInfo::of(child, Place::of(child))),
            (Some(TypeInfo::Missing), _) => Some(TypeInfo::Missing),
            (Some(TypeInfo::Known(type_)), Step::Property(name)) => {
                let field = type_.accessible_field(name).cloned();
                Some(field.map_or_else(|| TypeInfo::of(child, Place::of(child)), TypeInfo::Known))
            }
            (Some(TypeInfo::Known(type_)), Step::Items | Step::Values) => {
                Some(TypeInfo::exposed(type_.items().or(type_.values()).cloned()))
            }
        }
    }
}

struct Check<'r, 's> {
    patterns: Patterns,
    total: Total,
    problems: Problems<'r, 's>,
}

impl Check<'_, '_> {
    fn node(&mut self, schema: &Schema, node: &Node, unlimited: &Unlimited<'_>, path: &Path<'_>) {
        if !schema.validations.is_empty() {
            self.rules(schema, node, unlimited, path);
        }
        let unlimited = unlimited.below(schema, path);
        let properties_path = path.field("properties");
        for (name, property) in &schema.properties {
            let child = node.child(schema, property, Step::Property(name));
            self.node(property, &child, &unlimited, &properties_path.field(name));
        }
        if let Some(items) = &schema.items {
            let child = node.child(schema, items, Step::Items);
            self.node(items, &child, &unlimited, &path.field("items"));
        }
        if let Some(Additional::Schema(values)) = &schema.additional_properties {
            let child = node.child(schema, values, Step::Values);
            self.node(values, &child, &unlimited, &path.field("additionalProperties"));
        }
    }

    fn rules(&mut self, schema: &Schema, node: &Node, unlimited: &Unlimited<'_>, path: &Path<'_>) {
        let path = path.field("x-kubernetes-validations");
        let Some(TypeInfo::Known(type_)) = &node.type_ else {
            let message = "CEL cannot access the values that these rules are about";
            let help = "declare their type: a rule cannot stand on or in data that is kept with \
                        `x-kubernetes-preserve-unknown-fields` and has no `type`";
            self.problems.add("cel::compile", schema, &path, message.to_owned(), help);
            return;
        };
        for (index, rule) in schema.validations.iter().enumerate() {
            let path = path.index(index);
            let compiled = CompiledRule::with_type(rule, type_, &mut self.patterns);
            self.rule(&compiled, schema, type_, node, unlimited, &path);
            self.message(&compiled, schema, &path);
        }
    }

    fn rule(
        &mut self,
        compiled: &CompiledRule,
        schema: &Schema,
        type_: &Type,
        node: &Node,
        unlimited: &Unlimited<'_>,
        path: &Path<'_>,
    ) {
        let rule = compiled.rule();
        let text = truncate::plain(rule.rule.trim());
        let field = path.field("rule");
        match compiled.facts() {
            Ok(facts) if facts.is_bool() => {
                let cost = node.cardinality.times(facts.max_cost(), type_);
                self.cost(cost, "rule", facts, schema, unlimited, &field);
            }
            Ok(_) => {
                let message = format!("the result of the rule `{text}` is no bool");
                let help =
                    "write a rule that is true or false; compare a value of an unknown type, for example `== true`";
                self.problems.add("cel::compile", schema, &field, message, help);
            }
            Err(CompileError::Refused(reason)) => {
                let message = format!("an API server refuses the rule `{text}`: {reason}");
                self.problems.add("cel::compile", schema, &field, message, COMPILE);
            }
            Err(CompileError::Unknown(reason)) => self.problems.unchecked(&text, reason, schema, &field),
        }
        if compiled.is_transition() {
            if node.uncorrelated {
                let message = format!("the rule `{text}` uses `oldSelf`, but an old item cannot be found in its list");
                let help =
                    "write `x-kubernetes-list-type: map` with the keys of the items, or move the rule to the list";
                self.problems.add("cel::old-self", schema, &field, message, help);
            }
        } else if rule.optional_old_self.is_some() {
            let message = format!("`optionalOldSelf` is set, but the rule `{text}` does not use `oldSelf`");
            self.problems.add(
                "cel::old-self",
                schema,
                &path.field("optionalOldSelf"),
                message,
                "remove `optionalOldSelf`",
            );
        }
    }

    fn message(&mut self, compiled: &CompiledRule, schema: &Schema, path: &Path<'_>) {
        // As in the server, the message is compiled only for a rule that compiles.
        let (Ok(rule), Some(message)) = (compiled.facts(), compiled.message_facts()) else { return };
        if !rule.is_bool() {
            return;
        }
        let text = truncate::plain(compiled.rule().message_expression.as_deref().unwrap_or_default().trim());
        let field = path.field("messageExpression");
        match message {
            Ok(facts) if facts.is_string() => {
                self.cost(facts.max_cost(), "messageExpression", facts, schema, &Unlimited::default(), &field);
            }
            Ok(_) => {
                let message = format!("the result of the message expression `{text}` is no string");
                let help = "write an expression whose result is a string, for example with `string(…)`";
                self.problems.add("cel::message", schema, &field, message, help);
            }
            Err(CompileError::Refused(reason)) => {
                let message = format!("an API server refuses the message expression `{text}`: {reason}");
                self.problems.add("cel::message", schema, &field, message, COMPILE);
            }
            Err(CompileError::Unknown(reason)) => self.problems.unchecked(&text, reason, schema, &field),
        }
    }

    /// Checks the estimated cost of an expression, and counts it.
    fn cost(
        &mut self,
        cost: u64,
        what: &str,
        facts: &Facts,
        schema: &Schema,
        unlimited: &Unlimited<'_>,
        path: &Path<'_>,
    ) {
        self.total.count(cost, path);
        if cost > cost::PER_EXPRESSION {
            let factor = cost::factor(cost, cost::PER_EXPRESSION);
            let message = format!("estimated {what} cost exceeds budget by factor of {factor}");
            let help = cost::advice(unlimited, facts.unbounded());
            self.problems.add("cel::cost", schema, path, message, &help);
        }
    }

    fn check_total(&mut self, schema: &Schema, path: &Path<'_>) {
        if let Some((factor, expensive)) = self.total.excess() {
            let message =
                format!("estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of {factor}");
            let help = format!(
                "simplify the rules, or limit the lists, maps and strings that they read; the most expensive are {expensive}"
            );
            self.problems.add("cel::total-cost", schema, path, message, &help);
        }
    }
}

/// Help for an expression that does not compile.
const COMPILE: &str = "correct the expression; a property whose name is no CEL identifier is escaped, for example \
                       `self.my__dash__field`";
