//! Cost budget of CEL evaluation, and the prices.

use std::cell::{Cell, RefCell};

use serde_json::Value as Json;

use super::computed_pattern::ComputedPattern;
use super::failure::{Failure, Result};
use crate::re2::{Pattern, Unmatched};
use crate::{Effort, Obstacle};

/// Units for a list literal.
pub(super) const LIST: usize = 10;
/// Units for a map literal.
pub(super) const MAP: usize = 30;
/// Units per element of `all`, beside the body: reading the result so far and combining it with the element's.
pub(super) const ALL: usize = 3;
/// Units per element of `exists`, beside the body.
pub(super) const EXISTS: usize = 4;
/// Units per element of `exists_one`, beside the body.
pub(super) const EXISTS_ONE: usize = 2;
/// Units per element that a macro adds to a new list: a list literal, and joining two lists.
pub(super) const KEPT: usize = LIST + 2;
/// Units per entry that a macro adds to a new map.
pub(super) const INSERTED: usize = 3;

/// Number of bytes of text that one unit pays for.
const BYTES_PER_UNIT: usize = 10;
/// Number of steps of regular expression matching that one unit pays for.
const STEPS_PER_UNIT: u64 = 100;

/// Remaining units of cost for an evaluation.
///
/// The API server counts units of cost too, and stops an expression at a million units. An expression costs at least as
/// many units here as in the server, so a rule within the budget here is within the server's. One unit pays for a
/// fraction of a microsecond: operations that take longer, such as reading long text, cost more units.
#[derive(Debug)]
pub struct Budget {
    left: Cell<u64>,
    /// Compiled regular expressions that are values, not literals.
    pub(super) computed_patterns: RefCell<Vec<ComputedPattern>>,
}

impl Budget {
    /// Units for one evaluation of one expression: `PerCallLimit` of the API server.
    pub const PER_EXPRESSION: u64 = 1_000_000;
    /// Units for all rules of an object together: `RuntimeCELCostBudget` of the API server.
    pub const PER_OBJECT: u64 = 10_000_000;

    /// Creates a budget of `units`.
    pub fn new(units: u64) -> Self {
        Self { left: Cell::new(units), computed_patterns: RefCell::new(Vec::new()) }
    }

    /// Returns the number of units that are left.
    pub fn left(&self) -> u64 {
        self.left.get()
    }

    pub(super) fn spend(&self, units: usize) -> Result<()> {
        let left = self.left.get().checked_sub(units as u64);
        self.left.set(left.unwrap_or_default());
        left.map(drop).ok_or(Failure::Exhausted)
    }

    /// Spends the price of reading or copying text.
    pub(super) fn spend_on_text(&self, bytes: usize) -> Result<()> {
        self.spend(bytes / BYTES_PER_UNIT)
    }

    /// Spends the price of reading a value with all its content.
    pub(super) fn spend_on_json(&self, json: &Json) -> Result<()> {
        match json {
            Json::String(text) => self.spend(1 + text.len() / BYTES_PER_UNIT),
            Json::Array(items) => {
                self.spend(1)?;
                items.iter().try_for_each(|item| self.spend_on_json(item))
            }
            Json::Object(fields) => {
                self.spend(1)?;
                fields.iter().try_for_each(|(name, value)| {
                    self.spend_on_text(name.len())?;
                    self.spend_on_json(value)
                })
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => self.spend(1),
        }
    }

    /// Returns whether the text contains a match, and spends the price of the search.
    pub(super) fn search(&self, pattern: &Pattern, text: &str) -> Result<bool> {
        let steps = self.left() * STEPS_PER_UNIT;
        let effort = Effort::new(steps);
        let found = pattern.finds(text, &effort);
        self.spend(((steps - effort.left()) / STEPS_PER_UNIT) as usize)?;
        found.map_err(|Unmatched { obstacle, reason }| match obstacle {
            Obstacle::BudgetSpent => Failure::Exhausted,
            Obstacle::Unsupported => Failure::Unknown(reason.into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::Budget;
    use crate::{Bindings, Environment, Program, Type};

    /// Rules with the cost that an API server 1.36 counts for them.
    const COSTS: &[(u64, &str)] = &[
        (1003, "self.ints.all(x, x >= 0)"),
        (603, "self.ints.all(x, true)"),
        (1203, "self.ints.exists(x, x < 0) || true"),
        (406, "self.ints.exists_one(x, x == 1)"),
        (2605, "self.ints.map(x, x).size() > 0"),
        (3163, "self.ints.map(x, x > 2, x + 1).size() >= 0"),
        (2966, "self.ints.filter(x, x > 2).size() >= 0"),
        (3005, "self.ints.transformList(i, x, x + i).size() > 0"),
        (805, "self.ints.transformMap(i, x, x).size() > 0"),
        (1003, "self.map.all(k, k != 'zz')"),
        (1003, "self.map.all(k, v, v >= 0)"),
        (1005, "self.map.transformMap(k, v, v + 1).size() > 0"),
        (1803, "self.objs.all(o, o.a != 'zz' && o.b >= 0)"),
        (1003, "self.objs.all(o, has(o.a) && has(o.b))"),
        (3004, "self.objs.map(o, o.b).sum() >= 0"),
        (8805, "self.objs.map(o, {'a': o.a}).size() > 0"),
        (5205, "self.objs.map(o, [o.a, o.a]).size() > 0"),
        (803, "self.list.all(x, x in ['1', '2', '3'] || true)"),
        (1203, "self.list.all(x, x.size() < 10)"),
        (1003, "self.list.all(x, x.contains('q') || true)"),
        (1003, "self.list.all(x, x.startsWith('q') || true)"),
        (1403, "self.list.all(x, x.matches('^[0-9a-z]*$'))"),
        (1803, "self.list.all(x, x.matches(self.pat))"),
        (1403, "self.list.all(x, x.lowerAscii() == x)"),
        (1403, "self.list.all(x, x.split('').size() > 0)"),
        (1403, "self.list.all(x, x.replace('1', '22').size() > 0)"),
        (2803, "self.list.all(x, format.dns1123Label().validate(x).hasValue() || true)"),
        (1203, "self.list.all(x, !format.named('uuid').hasValue() || true)"),
        (2003, "self.list.all(x, url('https://a/' + x).getHost() == 'a')"),
        (1203, "self.list.all(x, quantity(x).isInteger() || true)"),
        (1603, "self.list.all(x, string(int(x)) == x)"),
        (3403, "self.list.all(x, '%s-%d'.format([x, 1]).size() > 0)"),
        (2, "self.list.isSorted() || true"),
        (203, "self.ints.sum() >= 0"),
        (203, "self.ints.max() >= 0"),
        (142, "self.list.join(',').size() > 0"),
        (3, "self.list.indexOf('zz') == -1"),
        (142500, "self.list.all(x, self.list.exists(y, y == x))"),
        (41203, "self.list.all(x, x in self.list)"),
        (40005, "sets.contains(self.list, self.list)"),
        (203, "sets.intersects(self.list, ['zz']) || true"),
        (84015, "self.list.distinct().size() > 0"),
        (80015, "self.ints.sort().size() > 0"),
        (82818, "self.ints.sortBy(x, -x).size() > 0"),
        (215, "self.list.reverse().size() > 0"),
        (17, "self.list.slice(0, 2).size() == 2"),
        (29, "[self.list, self.list].flatten().size() > 0"),
        (24, "self.set == self.set"),
        (27, "self.set + self.set == self.set"),
        (24, "self.list == self.list"),
        (27, "self.list + self.list != self.list"),
        (24, "self.map == self.map"),
        (204, "self.text.contains(self.text2) || true"),
        (44, "self.text.matches('^[a-z]*$')"),
        (44, "self.text.find('[b-z]+') == ''"),
        (25, "self.text.findAll('b+').size() == 0"),
        (14, "self.text == self.text2"),
        (35, "self.text + self.text2 != 'a'"),
        (4, "self.text.size() > 0"),
        (23, "self.text.upperAscii() != 'a'"),
        (4, "self.text.charAt(0) == 'a'"),
        (24, "self.text.substring(1).size() > 0"),
        (1615, "lists.range(self.ints.size()).all(i, self.ints[i] >= 0)"),
        (1403, "self.list.all(x, self.list.size() > 0)"),
        (1203, "self.list.all(x, optional.of(x).hasValue())"),
        (1203, "self.objs.all(o, o.?a.orValue('') != 'zz')"),
        (3203, "self.list.all(x, [x].first().hasValue())"),
        (1203, "self.list.all(x, type(x) == string)"),
        (1003, "self.list.all(x, ip.isCanonical('1.2.3.4'))"),
        (1003, "self.list.all(x, isIP(x) || true)"),
        (1403, "self.list.all(x, x.trim() == x)"),
        (803, "self.list.all(x, x > '' ? true : false)"),
    ];

    fn type_() -> Type {
        let object = Type::object([("a", Type::string()), ("b", Type::integer())]);
        Type::object([
            ("list", Type::list(Type::string())),
            ("ints", Type::list(Type::integer())),
            ("set", Type::set(Type::string())),
            ("map", Type::map(Type::integer())),
            ("objs", Type::list(object)),
            ("text", Type::string()),
            ("text2", Type::string()),
            ("pat", Type::string()),
        ])
    }

    /// Returns an object with two hundred elements in each list and map.
    fn object() -> Json {
        let numbers: Vec<u32> = (0..200).collect();
        let texts: Vec<String> = numbers.iter().map(u32::to_string).collect();
        let map: serde_json::Map<_, _> = numbers.iter().map(|number| (format!("k{number}"), json!(number))).collect();
        let objects: Vec<_> = numbers.iter().map(|number| json!({"a": number.to_string(), "b": number})).collect();
        json!({
            "list": texts, "ints": numbers, "set": texts, "map": map, "objs": objects,
            "text": "a".repeat(200), "text2": "a".repeat(100), "pat": "^[0-9a-z]*$",
        })
    }

    #[test]
    fn no_rule_costs_less_than_in_a_server() {
        let (environment, object) = (Environment::new().variable("self", type_()), object());
        for (theirs, rule) in COSTS {
            let program = Program::compile(rule, &environment).expect(rule);
            let budget = Budget::new(Budget::PER_EXPRESSION);
            program.evaluate(&Bindings::new().bind("self", &object), &budget).expect(rule);
            let ours = Budget::PER_EXPRESSION - budget.left();
            assert!(ours >= *theirs, "{rule}: {ours}, in a server {theirs}");
        }
    }
}
