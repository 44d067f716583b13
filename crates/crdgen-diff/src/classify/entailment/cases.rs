//! Cases: assumptions about all parts of some conditions.

use std::collections::HashMap;

use crdgen_cel::{Logic, Term};

use super::facts::Facts;

/// Maximum number of cases.
const MAX_CASES: usize = 20_000;

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
pub(super) struct Cases {
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
    /// Returns the variables of some conditions.
    pub(super) fn of(conditions: &[&Logic]) -> Self {
        let mut cases = Self::default();
        conditions.iter().for_each(|condition| cases.mention(condition));
        cases
    }

    /// Returns whether these cases and others have a variable in common.
    pub(super) fn have_variable_of(&self, other: &Self) -> bool {
        other.variables.iter().any(|variable| self.variables.contains(variable))
    }

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
    pub(super) fn hold(&self, known: &[&Logic], goal: &Logic, facts: &Facts<'_>) -> Option<bool> {
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
