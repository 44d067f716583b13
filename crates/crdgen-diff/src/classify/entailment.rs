//! Conditions that follow from an old schema.
//!
//! Conditions are compared by cases: each field is there or not, each compared value is one of the mentioned literals
//! or another one, and each other condition is true, false or an error. A case that the old schema excludes does not
//! count. If the goal is true in all cases that are left, it is true for every object that the old schema accepts.

mod cases;
mod facts;

use crdgen_cel::{Logic, Summand, Term};
use crdgen_schema::Schema;

use cases::Cases;
use facts::{Facts, SELF};

pub(super) use facts::keeps_undeclared;

/// Maximum number of rules of the old schema that are used.
const MAX_RULES: usize = 12;

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
    let of_goal = Cases::of(&[&goal]);
    let relevant: Vec<&Logic> = known.iter().filter(|rule| of_goal.have_variable_of(&Cases::of(&[rule]))).collect();
    let mut mentioned = vec![&goal];
    mentioned.extend(&relevant);
    let holds = Cases::of(&mentioned).hold(&relevant, &goal, facts);
    holds.or_else(|| of_goal.hold(&[], &goal, facts)) == Some(true)
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

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

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
        let one = |item: &str| {
            format!("self.list.all({item}, [has({item}.a), has({item}.b)].filter(x, x == true).size() == 1)")
        };
        assert!(check(&one("p"), &[&one("q")]));
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

    #[test]
    fn unions_of_every_keyword_are_compared() {
        let with = |unions: Json| {
            let fields = json!({"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}});
            let mut schema = json!({"type": "object", "properties": fields});
            schema.as_object_mut().unwrap().extend(unions.as_object().unwrap().clone());
            Schema::from_json(&schema).unwrap()
        };
        let required = |names: &[&str]| -> Vec<Json> { names.iter().map(|name| json!({"required": [name]})).collect() };
        let any = |names: &[&str]| with(json!({"anyOf": required(names)}));
        assert!(union_follows(&any(&["a", "b"]), &any(&["b", "c", "a"])));
        assert!(!union_follows(&any(&["a", "b"]), &any(&["a", "c"])));
        let all = |names: &[&str]| with(json!({"allOf": required(names)}));
        assert!(union_follows(&all(&["a", "b"]), &all(&["b"])));
        assert!(!union_follows(&all(&["b"]), &all(&["a", "b"])));
        // A branch may say the same in other ways.
        let nested =
            with(json!({"anyOf": [{"allOf": required(&["a"])}, {"properties": {"b": {}}, "required": ["b"]}]}));
        assert!(union_follows(&nested, &any(&["a", "b"])));
        assert!(union_follows(&any(&["a", "b"]), &nested));
        let constrained = with(json!({"anyOf": [{"properties": {"a": {"maxLength": 1}}, "required": ["a"]}]}));
        assert!(!union_follows(&any(&["a"]), &constrained));
    }

    #[test]
    fn the_place_of_a_branch_does_not_matter() {
        let at_line = |schema: &mut Schema, line| schema.span = crdgen_schema::Span { offset: line, line, column: 1 };
        let union = |first_line: usize| {
            let branch = json!({"properties": {"a": {}}, "required": ["a"]});
            let mut schema = schema(json!({"a": {"type": "string"}, "b": {"type": "string"}}), &[]);
            for (index, json) in [branch, json!({"required": ["b"]})].iter().enumerate() {
                let mut branch = Schema::from_json(json).unwrap();
                at_line(&mut branch, first_line + 2 * index);
                branch.properties.values_mut().for_each(|below| at_line(below, first_line + 2 * index + 1));
                schema.any_of.push(branch);
            }
            schema
        };
        assert!(union_follows(&union(1), &union(7)));
    }
}
