//! Evaluation of all rules of a schema on an object: their positions, their old values, and the violations that are
//! forgiven because the value is unchanged. Follows `pkg/apiserver/schema/cel/validation.go` of
//! apiextensions-apiserver.

use crdgen_cel::re2::Patterns;
use crdgen_cel::{Budget, Type};
use indexmap::IndexMap;
use serde_json::Value as Json;

use super::field_path;
use super::rule::{CompiledRule, Outcome};
use super::schema_type::{Place, type_of};
use crate::admission::prepare;
use crate::schema::{Additional, ListType, Rule, Schema};
use crate::validate::{Correlated, Unchanged, by_key, key_of};
use crate::value_path::ValuePath;
use crate::verdict::{Cause, CauseReason, Causes, Limited, NotEvaluated};

/// Results of the rules of a schema on an object. Each list has at most 1000 entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Violated rules.
    pub causes: Vec<Cause>,
    /// Violated rules of values that an update leaves unchanged. The server only warns of them.
    pub warnings: Vec<String>,
    /// Rules without a verdict. If the budget for the object is spent, the last entry is the rule that spent it; no
    /// later rule is evaluated.
    pub not_evaluated: Vec<NotEvaluated>,
}

/// Evaluates the rules of a schema on an object that is otherwise valid, and on its change from `old`.
pub fn check(schema: &Schema, object: &Json, old: Option<&Json>) -> Findings {
    let (prepared, unchanged) = (prepare::objects(schema), Unchanged::default());
    let pair = old.map(|old| Correlated::objects(&prepared, object, old, &unchanged));
    Rules::of(schema).check(object, old, pair)
}

/// Parsed rules of a schema.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    root: Option<Node>,
}

impl Rules {
    /// Parses the rules of a custom resource's schema.
    pub(crate) fn of(schema: &Schema) -> Self {
        Self { root: Node::of(schema, &type_of(schema, Place::Resource), &mut Patterns::new()) }
    }

    /// Returns the root of the schema, if there are rules.
    pub(crate) fn subtree(&self) -> Option<Subtree<'_>> {
        self.root.as_ref().map(Subtree)
    }

    /// Parses the rules of a value that is not a whole object.
    pub(crate) fn of_value(schema: &Schema, patterns: &mut Patterns) -> Self {
        Self { root: Node::of(schema, &type_of(schema, Place::of(schema)), patterns) }
    }

    /// Returns the rules of the outermost schema that a new value violates, or that cannot be evaluated.
    pub(crate) fn broken_at_root(&self, value: &Json) -> Vec<&Rule> {
        let rules = self.root.iter().flat_map(|node| &node.rules).map(|placed| &placed.compiled);
        let broken = rules.filter(|rule| rule.evaluate(value, None) != Outcome::Pass);
        broken.map(CompiledRule::rule).collect()
    }

    /// Evaluates the rules on an object. `pair` is the object with its old state.
    pub(crate) fn check(&self, object: &Json, old: Option<&Json>, pair: Option<Correlated<'_>>) -> Findings {
        let mut check = Check { left: Budget::PER_OBJECT, ..Check::default() };
        if let Some(node) = &self.root {
            let before = Before { value: old, pair, nearest: None };
            check.node(node, &ValuePath::ROOT, object, &before);
        }
        check.into_findings()
    }
}

/// Rules in and below a schema node.
#[derive(Clone, Copy)]
pub(crate) struct Subtree<'r>(&'r Node);

impl<'r> Subtree<'r> {
    /// Returns the rules of the items of a list, if there are any.
    pub(crate) fn items(self) -> Option<Self> {
        self.0.items.as_deref().map(Subtree)
    }

    /// Returns the rules of a property, if there are any.
    pub(crate) fn property(self, name: &str) -> Option<Self> {
        self.0.properties.get(name).map(Subtree)
    }

    /// Evaluates the rules on a value and the value that it replaces, and subtracts the cost from `left`.
    pub(crate) fn check(self, value: &Json, old: Option<&Json>, left: &mut u64) -> Findings {
        let mut check = Check { left: *left, ..Check::default() };
        check.node(self.0, &ValuePath::ROOT, value, &Before { value: old, ..Before::default() });
        *left = check.left;
        check.into_findings()
    }
}

/// Schema node with rules in or below it.
#[derive(Debug)]
struct Node {
    rules: Vec<PlacedRule>,
    properties: IndexMap<String, Node>,
    values: Option<Box<Node>>,
    items: Option<Box<Node>>,
    /// Keys of a list of type map.
    keys: Option<Vec<String>>,
}

#[derive(Debug)]
struct PlacedRule {
    compiled: CompiledRule,
    /// `fieldPath` in the form of a cause.
    field_path: Option<String>,
}

impl Node {
    fn of(schema: &Schema, type_: &Type, patterns: &mut Patterns) -> Option<Self> {
        let rule = |rule: &Rule| PlacedRule {
            compiled: CompiledRule::with_type(rule, type_, patterns),
            field_path: rule.field_path.as_deref().and_then(|path| field_path::normalised(path, schema)),
        };
        // `check_crd` reports the rules that a server refuses.
        let rules = schema.validations.iter().filter(|rule| !rule.rule.trim().is_empty()).map(rule);
        let rules = rules.filter(|rule| !rule.compiled.is_refused()).collect();
        let mut child = |schema: &Schema, known: Option<&Type>| {
            let type_ = known.cloned().unwrap_or_else(|| type_of(schema, Place::of(schema)));
            if type_.is_exposed() { Self::of(schema, &type_, patterns) } else { None }
        };
        let property =
            |(name, schema): (&String, &Schema)| Some((name.clone(), child(schema, declared_field(type_, name))?));
        let properties = schema.properties.iter().filter_map(property).collect();
        let node = Self {
            rules,
            properties,
            values: match &schema.additional_properties {
                Some(Additional::Schema(values)) => child(values, type_.values()).map(Box::new),
                _ => None,
            },
            items: schema.items.as_deref().and_then(|items| child(items, type_.items())).map(Box::new),
            keys: (schema.list_type == Some(ListType::Map)).then(|| schema.list_map_keys.to_vec()),
        };
        let is_needed =
            !node.rules.is_empty() || !node.properties.is_empty() || node.values.is_some() || node.items.is_some();
        is_needed.then_some(node)
    }
}

/// Returns the type of a property, if the property's schema alone determines the type. For `apiVersion`, `kind` and
/// `metadata` of an object it does not.
fn declared_field<'t>(type_: &'t Type, name: &str) -> Option<&'t Type> {
    type_.field(name).filter(|_| !matches!(name, "apiVersion" | "kind" | "metadata"))
}

/// Old state of a value.
#[derive(Clone, Copy, Default)]
struct Before<'a> {
    /// Value of `oldSelf`.
    value: Option<&'a Json>,
    /// Value with its old value, if the server can correlate them.
    pair: Option<Correlated<'a>>,
    /// Nearest correlated pair above.
    nearest: Option<Correlated<'a>>,
}

impl<'a> Before<'a> {
    /// Returns whether the value, or the nearest correlated value above, is unchanged.
    fn is_unchanged(&self) -> bool {
        self.pair.or(self.nearest).is_some_and(|pair| pair.is_unchanged())
    }

    fn field(&self, name: &str) -> Self {
        let value = self.value.and_then(|old| old.get(name));
        match &self.pair {
            // `apiVersion` and `kind` of the object never count as unchanged.
            Some(_) if self.nearest.is_none() && matches!(name, "apiVersion" | "kind") => {
                Self { value, ..Self::default() }
            }
            Some(pair) => Self { value, pair: pair.field(name), nearest: self.pair },
            None => Self { value, ..*self },
        }
    }

    fn item(&self, value: Option<&'a Json>, pair: Option<Correlated<'a>>) -> Self {
        match self.pair {
            Some(_) => Self { value, pair, nearest: self.pair },
            None => Self { value, ..*self },
        }
    }
}

#[derive(Default)]
struct Check {
    causes: Causes,
    warnings: Limited<String>,
    not_evaluated: Limited<NotEvaluated>,
    /// Units that the rules may still cost together.
    left: u64,
    /// Whether the budget is spent, so that no other rule is evaluated.
    is_over: bool,
}

impl Check {
    fn into_findings(self) -> Findings {
        Findings {
            causes: self.causes.into_vec(),
            warnings: self.warnings.into_vec(),
            not_evaluated: self.not_evaluated.into_vec(),
        }
    }

    fn node(&mut self, node: &Node, path: &ValuePath<'_>, value: &Json, before: &Before<'_>) {
        // Rules are not evaluated on null.
        if value.is_null() {
            return;
        }
        for rule in &node.rules {
            if self.is_over {
                return;
            }
            self.rule(rule, path, value, before);
        }
        match value {
            Json::Object(fields) => {
                for (name, value) in fields {
                    if let Some(values) = &node.values {
                        self.node(values, &path.key(name), value, &before.field(name));
                    }
                    if let Some(property) = node.properties.get(name) {
                        self.node(property, &path.field(name), value, &before.field(name));
                    }
                }
            }
            Json::Array(items) => self.items(node, path, items, before),
            _ => {}
        }
    }

    fn items(&mut self, node: &Node, path: &ValuePath<'_>, items: &[Json], before: &Before<'_>) {
        let Some(item_node) = &node.items else { return };
        let pairs = before.pair.as_ref().map(Correlated::items);
        let old = node.keys.as_ref().and_then(|keys| Some((keys, by_key(before.value?.as_array()?, keys))));
        for (index, item) in items.iter().enumerate() {
            if self.is_over {
                return;
            }
            let pair = pairs.as_ref().and_then(|pairs| pairs.get(index));
            let old = old.as_ref().and_then(|(keys, old)| old.get(&key_of(item, keys)?).copied());
            self.node(item_node, &path.index(index), item, &before.item(old, pair));
        }
    }

    fn rule(&mut self, rule: &PlacedRule, path: &ValuePath<'_>, value: &Json, before: &Before<'_>) {
        let PlacedRule { compiled, field_path } = rule;
        let old = before.value.filter(|old| !old.is_null());
        match compiled.evaluate_within(value, old, &mut self.left) {
            Outcome::Pass => {}
            Outcome::NotEvaluated { obstacle, reason } => {
                let rule = &compiled.rule().rule;
                self.not_evaluated.push_with(|| NotEvaluated::new(path.bracketed(), rule, obstacle, reason));
                self.is_over = self.left == 0;
            }
            // An evaluation error counts as a violation even if the value is unchanged. `reason`, `fieldPath` and
            // `messageExpression` of the rule do not apply.
            Outcome::Error => self.causes.push_with(|| Cause {
                reason: CauseReason::Invalid,
                ..broken(compiled.rule(), path.bracketed(), None)
            }),
            Outcome::Fail { message } => {
                let field = match field_path {
                    Some(below) if path.is_root() => below.clone(),
                    Some(below) => format!("{}.{below}", path.bracketed()),
                    None => path.bracketed(),
                };
                let cause = broken(compiled.rule(), field, message);
                match !compiled.is_transition() && before.is_unchanged() {
                    true => self.warnings.push(cause.to_string()),
                    false => self.causes.push(cause),
                }
            }
        }
    }
}

fn broken(rule: &Rule, field: String, message: Option<String>) -> Cause {
    let reason = match rule.reason.as_deref() {
        Some("FieldValueForbidden") => CauseReason::Forbidden,
        Some("FieldValueRequired") => CauseReason::Required,
        Some("FieldValueDuplicate") => CauseReason::Duplicate,
        _ => CauseReason::Invalid,
    };
    let message = message.or_else(|| rule.message.as_deref().map(|message| message.trim().to_owned()));
    let message = message.unwrap_or_else(|| format!("failed rule: {}", rule.rule.trim()));
    Cause::new(reason, field, message)
}
