//! Conditions that follow from an old schema.
//!
//! Conditions are compared by cases: each field is there or not, each compared value is one of the mentioned literals
//! or another one, and each other condition is true, false or an error. A case that the old schema excludes does not
//! count. If the goal is true in all cases that are left, it is true for every object that the old schema accepts.

use std::collections::HashMap;

use crdgen_cel::{Logic, Summand, Term};
use crdgen_schema::Schema;
use crdgen_schema::schema::{Additional, SchemaType};
use serde_json::Value as Json;

/// Maximum number of cases.
const MAX_CASES: usize = 20_000;

/// Maximum number of rules of the old schema that are used.
const MAX_RULES: usize = 12;

/// Name of the variable of a rule.
const SELF: &str = "self";

/// Returns whether a rule is true for each object that the old schema accepts. `rules` are rules of the old schema.
pub(super) fn follows(goal: &str, rules: &[&str], old: &Schema, new: &Schema) -> bool {
    let Some(goal) = Logic::parse(goal) else { return false };
    let known: Vec<Logic> = rules.iter().filter_map(|rule| Logic::parse(rule)).take(MAX_RULES).collect();
    entails(&known, &goal, &Facts { variable: SELF, old: Some(old), new: Some(new) })
}

/// Returns whether the unions of schemas of one keyword, such as `oneOf`, are met by each object that meets the old ones.
pub(super) fn union_follows(before: &Schema, after: &Schema) -> bool {
    let union = |schema: &Schema| {
        let branches = Schema {
            all_of: schema.all_of.clone(),
            any_of: schema.any_of.clone(),
            one_of: schema.one_of.clone(),
            not: schema.not.clone(),
            ..Schema::default()
        };
        of_schema(&branches)
    };
    let Some(goal) = union(after) else { return false };
    let known: Vec<Logic> = union(before).into_iter().collect();
    entails(&known, &goal, &Facts { variable: SELF, old: Some(before), new: Some(after) })
}

/// Returns the condition of a schema that is only about the presence of fields.
fn of_schema(schema: &Schema) -> Option<Logic> {
    let is_trivial = |property: &Schema| *property == Schema { span: property.span, ..Schema::default() };
    let trivial = schema.properties.iter().filter(|(_, property)| is_trivial(property));
    let plain = Schema {
        span: schema.span,
        // A schema without keywords accepts every value.
        properties: trivial.map(|(name, property)| (name.clone(), property.clone())).collect(),
        required: schema.required.clone(),
        all_of: schema.all_of.clone(),
        any_of: schema.any_of.clone(),
        one_of: schema.one_of.clone(),
        not: schema.not.clone(),
        ..Schema::default()
    };
    if *schema != plain {
        return None;
    }
    let each = |schemas: &[Schema]| schemas.iter().map(of_schema).collect::<Option<Vec<_>>>();
    let mut parts: Vec<Logic> =
        schema.required.iter().map(|name| Logic::Has(vec![SELF.to_owned(), name.clone()])).collect();
    parts.extend(each(&schema.all_of)?);
    if !schema.any_of.is_empty() {
        parts.push(Logic::Or(each(&schema.any_of)?));
    }
    if !schema.one_of.is_empty() {
        let one = each(&schema.one_of)?;
        let counted = one.into_iter().map(|condition| Summand { condition, then: 1, otherwise: 0 });
        parts.push(Logic::Sum(counted.collect(), crdgen_cel::Comparison::Equal, 1));
    }
    if let Some(not) = &schema.not {
        parts.push(Logic::Not(Box::new(of_schema(not)?)));
    }
    Some(Logic::And(parts))
}

/// Returns whether a goal is true in each case in which all known conditions are.
fn entails(known: &[Logic], goal: &Logic, facts: &Facts<'_>) -> bool {
    let goal = pushed(goal);
    if let Logic::And(parts) = &goal {
        return parts.iter().all(|part| entails(known, part, facts));
    }
    if let Logic::All(range, variable, body) = &goal {
        // Rules about the items of one list are about each item.
        let same = known.iter().flat_map(conjuncts).filter_map(|rule| match rule {
            Logic::All(other, name, body) if other.text == range.text => Some(renamed(body, name, variable)),
            _ => None,
        });
        let same: Vec<Logic> = same.collect();
        // A range that cannot be read is an error.
        let is_readable = || match range.path.as_deref() {
            Some([name]) => name == facts.variable,
            Some(path) => (2..=path.len()).all(|length| entails(known, &Logic::Has(path[..length].to_vec()), facts)),
            None => false,
        };
        if (!same.is_empty() || is_readable()) && entails(&same, body, &facts.of_items(range, variable)) {
            return true;
        }
    }
    if let Logic::Not(inner) = &goal
        && let Logic::All(range, variable, body) = &**inner
    {
        // If one item violates the old condition, it must violate the new one.
        let negated = |logic: Logic| Logic::Not(Box::new(logic));
        let mut same = known.iter().flat_map(conjuncts).filter_map(|rule| match rule {
            Logic::Not(inner) => match &**inner {
                Logic::All(other, name, body) if other.text == range.text => Some(renamed(body, name, variable)),
                _ => None,
            },
            _ => None,
        });
        let facts = facts.of_items(range, variable);
        if same.any(|old| entails(&[negated(old)], &negated((**body).clone()), &facts)) {
            return true;
        }
    }
    let mut cases = Cases::default();
    cases.mention(&goal);
    let is_about_goal = |rule: &&Logic| {
        let mut other = Cases::default();
        other.mention(rule);
        other.variables.iter().any(|variable| cases.variables.contains(variable))
    };
    let relevant: Vec<&Logic> = known.iter().filter(is_about_goal).collect();
    relevant.iter().for_each(|rule| cases.mention(rule));
    cases.hold(&relevant, &goal, facts).or_else(|| {
        let mut cases = Cases::default();
        cases.mention(&goal);
        cases.hold(&[], &goal, facts)
    }) == Some(true)
}

fn conjuncts(logic: &Logic) -> Vec<&Logic> {
    match logic {
        Logic::And(parts) => parts.iter().flat_map(conjuncts).collect(),
        other => vec![other],
    }
}

/// Returns a condition without the negation of junctions at its top.
fn pushed(logic: &Logic) -> Logic {
    match logic {
        Logic::Not(inner) => match &**inner {
            Logic::Or(parts) => Logic::And(parts.iter().map(|part| Logic::Not(Box::new(part.clone()))).collect()),
            Logic::Not(inner) => pushed(inner),
            _ => logic.clone(),
        },
        _ => logic.clone(),
    }
}

/// Returns a condition with another name for its variable. Atoms keep their name, so they equal no other atom.
fn renamed(logic: &Logic, from: &str, to: &str) -> Logic {
    if from == to {
        return logic.clone();
    }
    let path = |path: &[String]| -> Vec<String> {
        let first = path.iter().take(1).map(|name| if name == from { to.to_owned() } else { name.clone() });
        first.chain(path.iter().skip(1).cloned()).collect()
    };
    let all = |parts: &[Logic]| parts.iter().map(|part| renamed(part, from, to)).collect();
    match logic {
        Logic::Constant(_) | Logic::Atom(_) | Logic::All(..) => logic.clone(),
        Logic::Not(inner) => Logic::Not(Box::new(renamed(inner, from, to))),
        Logic::And(parts) => Logic::And(all(parts)),
        Logic::Or(parts) => Logic::Or(all(parts)),
        Logic::If(parts) => Logic::If(Box::new(parts.each_ref().map(|part| renamed(part, from, to)))),
        Logic::Has(names) => Logic::Has(path(names)),
        Logic::IsOneOf(term, literals) => {
            let names = term.path.as_deref().map(path);
            Logic::IsOneOf(Term { path: names, text: term.text.clone() }, literals.clone())
        }
        Logic::Sum(summands, comparison, limit) => {
            let summands = summands
                .iter()
                .map(|summand| Summand { condition: renamed(&summand.condition, from, to), ..summand.clone() });
            Logic::Sum(summands.collect(), *comparison, *limit)
        }
    }
}

/// Schemas of the value that a variable stands for.
#[derive(Clone, Copy)]
struct Facts<'s> {
    variable: &'s str,
    old: Option<&'s Schema>,
    new: Option<&'s Schema>,
}

impl<'s> Facts<'s> {
    fn of_items<'v>(&self, range: &Term, variable: &'v str) -> Facts<'v>
    where
        's: 'v,
    {
        let is_default = |schema: &Schema, names: &[String]| {
            let mut schema = schema;
            names.iter().any(|name| match schema.properties.get(name) {
                Some(below) => {
                    schema = below;
                    has_default(below)
                }
                None => true,
            })
        };
        let is_given = range
            .path
            .as_deref()
            .is_some_and(|path| path.len() == 1 || self.new.is_some_and(|new| !is_default(new, &path[1..])));
        let node = |schema: Option<&'s Schema>| {
            let path = range.path.as_deref()?;
            let (first, names) = path.split_first()?;
            let is_known = first == self.variable;
            let start = schema.filter(|_| is_known && is_given)?;
            names.iter().try_fold(start, |schema, name| schema.properties.get(name))?.items.as_deref()
        };
        Facts { variable, old: node(self.old), new: node(self.new) }
    }

    /// Returns the schemas of the object that has a field. The result is `None` if the object may be a default of the
    /// new schema, about which the old one says nothing.
    fn parents(&self, path: &[String]) -> Option<(&'s Schema, &'s Schema)> {
        let [first, above @ .., _] = path else { return None };
        let mut parents = (self.old.filter(|_| first == self.variable)?, self.new?);
        for name in above {
            parents = (parents.0.properties.get(name)?, parents.1.properties.get(name)?);
            if has_default(parents.1) {
                return None;
            }
        }
        Some(parents)
    }

    /// Returns whether the object that has a field may be null, which makes reading the field an error.
    fn is_nullable(&self, path: &[String]) -> bool {
        let [first, above @ .., _] = path else { return true };
        let Some(mut schema) = self.new.filter(|_| first == self.variable) else { return true };
        let mut is_nullable = schema.nullable && self.variable != SELF;
        for name in above {
            let Some(below) = schema.properties.get(name) else { return true };
            (schema, is_nullable) = (below, is_nullable || below.nullable);
        }
        is_nullable
    }

    /// Returns whether a field is there in each object whose parent is there, or in none.
    fn presence(&self, path: &[String]) -> Option<bool> {
        let name = path.last()?;
        let (old, new) = self.parents(path)?;
        let after = new.properties.get(name)?;
        if has_default(after) {
            return Some(true);
        }
        match old.properties.get(name) {
            Some(before) => {
                let is_required = old.required.contains(name) && !has_default(before);
                (is_required && (after.nullable || !before.nullable)).then_some(true)
            }
            // Whole objects have these fields although no schema declares them.
            None if matches!(name.as_str(), "apiVersion" | "kind" | "metadata") => None,
            None => (!keeps_undeclared(old)).then_some(false),
        }
    }

    /// Returns the values that a field can have, as JSON, if they are known.
    fn values(&self, path: &[String]) -> Option<Vec<String>> {
        let (before, after) = match path {
            [first] if first == self.variable => (self.old?, self.new?),
            _ => {
                let (old, new) = self.parents(path)?;
                let name = path.last()?;
                let after = new.properties.get(name)?;
                match old.properties.get(name) {
                    Some(before) => (before, after),
                    // Only the default can be there.
                    None if !keeps_undeclared(old) => return default_of(after).map(|value| vec![value]),
                    None => return None,
                }
            }
        };
        let is_same = before.type_ == after.type_ && before.int_or_string == after.int_or_string;
        let is_scalar = matches!(before.type_, Some(SchemaType::String | SchemaType::Integer));
        // A format may give the value another type in CEL.
        let is_plain = before.format.is_none() && after.format.is_none();
        let allowed = super::value::allowed(before);
        if !is_same || !is_scalar || !is_plain || before.int_or_string || allowed.is_empty() {
            return None;
        }
        Some(allowed.iter().map(Json::to_string).chain(default_of(after)).collect())
    }
}

fn has_default(schema: &Schema) -> bool {
    schema.default.as_ref().is_some_and(|default| !default.is_null())
}

fn default_of(schema: &Schema) -> Option<String> {
    schema.default.as_ref().filter(|default| !default.is_null()).map(|default| default.to_string())
}

/// Returns whether an object may have fields that its schema does not declare.
pub(super) fn keeps_undeclared(schema: &Schema) -> bool {
    schema.preserve_unknown_fields || !matches!(schema.additional_properties, None | Some(Additional::Allowed(false)))
}

/// Part of a condition whose value is assumed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Variable {
    /// Presence of a field.
    Has(Vec<String>),
    /// Value of a term.
    Value(Key),
    /// Value of any other condition.
    Atom(String),
}

/// Identity of a term.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Path(Vec<String>),
    Text(String),
}

impl Key {
    fn of(term: &Term) -> Self {
        term.path.clone().map_or_else(|| Self::Text(term.text.clone()), Self::Path)
    }
}

/// Variables of conditions, with the literals that each term is compared with.
#[derive(Default)]
struct Cases {
    variables: Vec<Variable>,
    literals: HashMap<Key, Vec<String>>,
}

/// Value of a condition. `None` is an error.
type Truth = Option<bool>;

/// Value of a variable in a case.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Truth(Truth),
    Literal(String),
    Other,
    /// A term that cannot be evaluated.
    Error,
}

impl Cases {
    fn add(&mut self, variable: Variable) {
        if !self.variables.contains(&variable) {
            self.variables.push(variable);
        }
    }

    /// Adds the presence of a field and of the objects around it.
    fn add_path(&mut self, path: &[String]) {
        for length in 2..=path.len() {
            self.add(Variable::Has(path[..length].to_vec()));
        }
    }

    fn mention(&mut self, logic: &Logic) {
        match logic {
            Logic::Constant(_) => {}
            Logic::Not(inner) => self.mention(inner),
            Logic::And(parts) | Logic::Or(parts) => parts.iter().for_each(|part| self.mention(part)),
            Logic::If(parts) => parts.iter().for_each(|part| self.mention(part)),
            Logic::Has(path) => self.add_path(path),
            Logic::IsOneOf(term, literals) => {
                if let Some(path) = &term.path {
                    self.add_path(path);
                }
                let key = Key::of(term);
                self.add(Variable::Value(key.clone()));
                let known = self.literals.entry(key).or_default();
                literals.iter().for_each(|literal| {
                    if !known.contains(literal) {
                        known.push(literal.clone());
                    }
                });
            }
            Logic::Sum(summands, ..) => summands.iter().for_each(|summand| self.mention(&summand.condition)),
            Logic::All(..) => self.add(Variable::Atom(atom(logic))),
            Logic::Atom(text) => self.add(Variable::Atom(text.clone())),
        }
    }

    /// Returns the values of a variable that the schemas allow.
    fn domain(&self, variable: &Variable, facts: &Facts<'_>) -> Vec<Value> {
        match variable {
            Variable::Has(path) => {
                let mut values = match facts.presence(path) {
                    Some(there) => vec![Value::Truth(Some(there))],
                    None => vec![Value::Truth(Some(true)), Value::Truth(Some(false))],
                };
                if facts.is_nullable(path) {
                    values.push(Value::Truth(None));
                }
                values
            }
            Variable::Value(key) => {
                let mentioned = &self.literals[key];
                let mut values: Vec<Value> = mentioned.iter().cloned().map(Value::Literal).collect();
                values.push(Value::Other);
                match key {
                    Key::Path(path) => {
                        if let Some(known) = facts.values(path) {
                            let is_known = |value: &Value| match value {
                                Value::Literal(literal) => known.contains(literal),
                                _ => known.iter().any(|known| !mentioned.contains(known)),
                            };
                            values.retain(is_known);
                        }
                        // The variable of a macro may be anything; the presence of fields is a variable of its own.
                        if path.len() == 1 && path[0] != facts.variable {
                            values.push(Value::Error);
                        }
                    }
                    Key::Text(_) => values.push(Value::Error),
                }
                values
            }
            Variable::Atom(_) => [Some(true), Some(false), None].map(Value::Truth).to_vec(),
        }
    }

    /// Returns whether the goal is true in each case in which the known conditions are, or `None` if there are too many
    /// cases.
    fn hold(&self, known: &[&Logic], goal: &Logic, facts: &Facts<'_>) -> Option<bool> {
        let domains: Vec<Vec<Value>> = self.variables.iter().map(|variable| self.domain(variable, facts)).collect();
        let count = domains
            .iter()
            .try_fold(1_usize, |count, domain| count.checked_mul(domain.len()).filter(|count| *count <= MAX_CASES))?;
        let indices: HashMap<&Variable, usize> =
            self.variables.iter().enumerate().map(|(index, variable)| (variable, index)).collect();
        let mut case: Vec<&Value> = Vec::with_capacity(domains.len());
        let holds = (0..count).all(|number| {
            let mut rest = number;
            case.clear();
            for domain in &domains {
                case.push(&domain[rest % domain.len()]);
                rest /= domain.len();
            }
            let case = Case { indices: &indices, values: &case };
            let is_possible = known.iter().all(|rule| case.truth(rule) == Some(true));
            !is_possible || case.truth(goal) == Some(true)
        });
        Some(holds)
    }
}

fn atom(logic: &Logic) -> String {
    format!("{logic:?}")
}

/// Values of all variables.
struct Case<'c> {
    indices: &'c HashMap<&'c Variable, usize>,
    values: &'c [&'c Value],
}

impl Case<'_> {
    fn value(&self, variable: &Variable) -> &Value {
        self.indices.get(variable).map_or(&Value::Error, |index| self.values[*index])
    }

    fn has(&self, path: &[String]) -> Truth {
        match self.value(&Variable::Has(path.to_vec())) {
            Value::Truth(truth) => *truth,
            _ => None,
        }
    }

    /// Returns whether a field can be read: it is there, and so are the objects around it.
    fn is_readable(&self, path: &[String]) -> bool {
        (2..=path.len()).all(|length| self.has(&path[..length]) == Some(true))
    }

    fn truth(&self, logic: &Logic) -> Truth {
        match logic {
            Logic::Constant(value) => Some(*value),
            Logic::Not(inner) => self.truth(inner).map(|value| !value),
            Logic::And(parts) => self.junction(parts, false),
            Logic::Or(parts) => self.junction(parts, true),
            Logic::If(parts) => {
                let [condition, then, otherwise] = &**parts;
                if self.truth(condition)? { self.truth(then) } else { self.truth(otherwise) }
            }
            Logic::Has(path) => {
                let parent = &path[..path.len() - 1];
                if self.is_readable(parent) { self.has(path) } else { None }
            }
            Logic::IsOneOf(term, literals) => {
                if term.path.as_deref().is_some_and(|path| !self.is_readable(path)) {
                    return None;
                }
                match self.value(&Variable::Value(Key::of(term))) {
                    Value::Literal(value) => Some(literals.contains(value)),
                    Value::Other => Some(false),
                    Value::Error | Value::Truth(_) => None,
                }
            }
            Logic::Sum(summands, comparison, limit) => {
                let mut sum = 0_i64;
                for summand in summands {
                    let term = if self.truth(&summand.condition)? { summand.then } else { summand.otherwise };
                    sum = sum.checked_add(term)?;
                }
                Some(comparison.holds(sum, *limit))
            }
            Logic::All(..) => self.atom(&atom(logic)),
            Logic::Atom(text) => self.atom(text),
        }
    }

    fn atom(&self, text: &str) -> Truth {
        match self.value(&Variable::Atom(text.to_owned())) {
            Value::Truth(truth) => *truth,
            _ => None,
        }
    }

    /// Returns the value of a junction, in which one operand with the value `decisive` decides.
    fn junction(&self, parts: &[Logic], decisive: bool) -> Truth {
        let mut result = Some(!decisive);
        for part in parts {
            match self.truth(part) {
                Some(value) if value == decisive => return Some(decisive),
                Some(_) => {}
                None => result = None,
            }
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema(properties: Json, required: &[&str]) -> Schema {
        Schema::from_json(&json!({"type": "object", "properties": properties, "required": required})).unwrap()
    }

    fn check(goal: &str, rules: &[&str]) -> bool {
        let host = json!({"type": "string"});
        let kind = json!({"type": "string", "enum": ["Source", "Target"]});
        let items = |fields: Json| json!({"type": "array", "items": {"type": "object", "properties": fields}});
        let old = schema(
            json!({"host": host, "kind": kind, "note": host, "rules": items(json!({"cost": {"type": "object"}}))}),
            &["host", "kind", "rules"],
        );
        let wide = json!({"type": "string", "enum": ["Source", "Target", "Header"]});
        let cost = json!({"cost": {"type": "object", "properties": {"response": host}}});
        let new = schema(
            json!({"host": host, "kind": wide, "note": host, "header": host, "rules": items(cost), "on": {"type": "boolean"}}),
            &["kind", "rules"],
        );
        follows(goal, rules, &old, &new)
    }

    #[test]
    fn rules_about_new_fields_and_values_are_true_for_old_objects() {
        assert!(check("has(self.host) || self.header.size() > 0", &[]));
        assert!(check("self.kind == 'Header' ? has(self.header) : !has(self.header)", &[]));
        assert!(check("!(has(self.on) && self.on && has(self.note))", &[]));
        assert!(check("[has(self.host), has(self.header)].filter(x, x == true).size() == 1", &[]));
        assert!(check("(has(self.header) ? 1 : 0) + (has(self.note) ? 1 : 0) <= 1", &[]));
        assert!(check("self.host == '' || has(self.header) == has(self.on)", &[]));
        assert!(check("self.rules.all(r, !has(r.cost) || !has(r.cost.response))", &[]));
    }

    #[test]
    fn rules_follow_from_old_rules() {
        assert!(check("self.note.trim() in ['a', 'b', 'c']", &["self.note.trim() in [\"a\", \"b\"]"]));
        assert!(check(
            "self.note.trim() in ['a', 'c'] ? self.note.endsWith('b') : true",
            &["self.note.trim() in ['a', 'b']", "self.note.trim() == 'a' ? self.note.endsWith('b') : true"]
        ));
        assert!(check("!self.rules.all(r, has(r.cost) && r.cost.x == 'a')", &["!self.rules.all(r, has(r.cost))"]));
        assert!(check("!self.note.contains('*')", &["!self.note.contains(\"*\")"]));
        assert!(check("self.list.all(y, y.a == 'x' || y.b == 'z')", &["self.list.all(x, x.a == 'x')"]));
    }

    #[test]
    fn other_rules_do_not_follow() {
        assert!(!check("has(self.note)", &[]));
        assert!(!check("self.list.all(x, true)", &[]));
        assert!(!check("self.note == 'a'", &[]));
        assert!(!check("!self.rules.all(r, has(r.cost) || has(r.other))", &["!self.rules.all(r, has(r.cost))"]));
        assert!(!check("self.kind == 'Source'", &[]));
        assert!(!check("has(self.header.x)", &[]));
        assert!(!check("self.rules.all(r, !has(r.cost.response))", &[]));
        assert!(!check("self.note.contains('a')", &["self.note.contains('a') || self.note.endsWith('b')"]));
        assert!(!check("self.note.contains('a')", &["!self.note.contains('a') || self.note.endsWith('b')"]));
        assert!(!check("self.list.all(x, x.b)", &["self.list.all(x, x.a)", "self.other.all(x, x.b)"]));
        assert!(!check("self.note.trim() in ['a']", &["self.note.trim() in ['a', 'b']"]));
        assert!(!check("[has(self.host), has(self.note)].filter(x, x == true).size() == 1", &[]));
    }

    #[test]
    fn a_union_with_a_branch_for_a_new_field_follows() {
        let with = |fields: &[&str]| {
            let required = |name: &&str| json!({"required": [name]});
            let properties: serde_json::Map<String, Json> =
                fields.iter().map(|name| ((*name).to_owned(), json!({"type": "string"}))).collect();
            let branches: Vec<Json> = fields.iter().map(required).collect();
            let none = json!({"not": {"anyOf": branches}});
            let one_of: Vec<Json> = std::iter::once(none).chain(branches).collect();
            Schema::from_json(&json!({"type": "object", "properties": properties, "oneOf": one_of})).unwrap()
        };
        assert!(union_follows(&with(&["a", "b"]), &with(&["a", "b", "c"])));
        assert!(!union_follows(
            &schema(json!({"a": {"type": "string"}, "b": {"type": "string"}}), &[]),
            &with(&["a", "b"])
        ));
    }
}
