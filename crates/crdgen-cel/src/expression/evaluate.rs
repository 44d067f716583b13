//! Evaluation of expressions.

use std::rc::Rc;

use indexmap::IndexMap;

use super::ast::{Entry, Expr, Item, Literal, Macro, MacroKind, Variables};
use super::budget::{self, Budget};
use super::conversion::untyped_value;
use super::failure::{Failure, Result};
use super::functions::{lists, regexes};
use super::map::{Key, Map};
use super::names;
use super::operators;
use super::shared::{Octets, Text};
use super::types::{Kind, Type};
use super::value::{TypeName, Value};

/// Evaluation of one expression, with its variables and its budget.
pub(super) struct Evaluation<'a, 'b> {
    /// Variables with their values, the innermost last.
    variables: Vec<(&'a str, Result<Value<'a>>)>,
    budget: &'b Budget,
}

impl<'a, 'b> Evaluation<'a, 'b> {
    pub(super) fn new(variables: Vec<(&'a str, Result<Value<'a>>)>, budget: &'b Budget) -> Self {
        Self { variables, budget }
    }

    /// Returns the value of an expression.
    pub(super) fn run(&mut self, expr: &'a Expr) -> Result<Value<'a>> {
        self.budget.spend(1)?;
        match expr {
            Expr::Literal(literal) => Ok(value_of(literal)),
            Expr::Name(name) => self.name(name),
            Expr::Select(operand, field) => select(&self.operand(operand)?, field, self.budget),
            Expr::OptionalSelect(operand, field) => {
                let operand = self.operand(operand)?;
                self.optional(operand, &Value::String(Text::Borrowed(field)))
            }
            Expr::Has(operand, field) => has(&self.operand(operand)?, field, self.budget),
            Expr::Index(operand, index) => {
                let (operand, index) = (self.operand(operand)?, self.run(index)?);
                match &operand {
                    Value::Optional(_) => self.optional(operand, &index),
                    Value::List(list) => list.index(&index, self.budget),
                    Value::Map(map) if map.is_object() => Failure::error("an object is no map"),
                    Value::Map(map) => map.index(&index, self.budget),
                    _ => Err(Failure::no_overload()),
                }
            }
            Expr::OptionalIndex(operand, index) => {
                let (operand, index) = (self.operand(operand)?, self.run(index)?);
                self.optional(operand, &index)
            }
            Expr::Not(operand) => operators::not(&self.run(operand)?),
            Expr::Negate(operand) => operators::negate(&self.run(operand)?),
            Expr::And(operands) => self.junction(operands, false),
            Expr::Or(operands) => self.junction(operands, true),
            Expr::Conditional(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                if self.run(condition)?.as_bool()? { self.run(then) } else { self.run(otherwise) }
            }
            Expr::Binary(operator, operands) => {
                let [left, right] = operands.as_ref();
                match (self.run(left), self.run(right)) {
                    (Ok(left), Ok(right)) => operators::apply(*operator, &left, &right, self.budget),
                    (Err(left), Err(right)) => Err(left.or(right)),
                    (Err(problem), _) | (_, Err(problem)) => Err(problem),
                }
            }
            Expr::Call(function, arguments) => {
                let arguments = self.all(arguments)?;
                function.call(&arguments, self.budget)
            }
            Expr::Matches(matches) => {
                let text = self.run(&matches.text)?;
                let text = text.as_str()?;
                self.budget.spend(regexes::price(text, matches.pattern.source()))?;
                self.budget.search(&matches.pattern, text).map(Value::Bool)
            }
            Expr::OptionalOr(operands) => {
                let [first, second] = operands.as_ref();
                match self.run(first)? {
                    Value::Optional(None) => match self.run(second)? {
                        second @ Value::Optional(_) => Ok(second),
                        _ => Err(Failure::no_overload()),
                    },
                    first @ Value::Optional(_) => Ok(first),
                    _ => Err(Failure::no_overload()),
                }
            }
            Expr::OptionalOrValue(operands) => {
                let [first, second] = operands.as_ref();
                match self.run(first)? {
                    Value::Optional(None) => self.run(second),
                    Value::Optional(Some(value)) => Ok(value.as_ref().clone()),
                    _ => Err(Failure::no_overload()),
                }
            }
            Expr::List(items) => self.list(items),
            Expr::Map(entries) => self.map(entries),
            Expr::Macro(called) => self.expand(called),
        }
    }

    /// Evaluates the operand of a field or element access. In cel-go, an optional value keeps its schema only if it
    /// comes from a chain of such accesses.
    fn operand(&mut self, expr: &'a Expr) -> Result<Value<'a>> {
        let is_chain = matches!(
            expr,
            Expr::Select(..) | Expr::OptionalSelect(..) | Expr::Index(..) | Expr::OptionalIndex(..) | Expr::Name(_)
        );
        Ok(match self.run(expr)? {
            Value::Optional(Some(value)) if !is_chain => Value::some(untyped_value(&value, self.budget)?),
            value => value,
        })
    }

    fn all(&mut self, exprs: &'a [Expr]) -> Result<Vec<Value<'a>>> {
        let mut values = Vec::with_capacity(exprs.len());
        let mut failed = None;
        for expr in exprs {
            match self.run(expr) {
                Ok(value) => values.push(value),
                Err(problem) => failed = Some(worse(failed, problem)),
            }
        }
        failed.map_or(Ok(values), Err)
    }

    fn name(&self, name: &str) -> Result<Value<'a>> {
        let found = self.variables.iter().rev().find(|(known, _)| *known == name);
        match found {
            // As in cel-go, an optional value loses its schema when a variable holds it.
            Some((_, Ok(Value::Optional(Some(value))))) => Ok(Value::some(untyped_value(value, self.budget)?)),
            Some((_, value)) => value.clone(),
            None => match TypeName::named(name) {
                Some(name) => Ok(Value::Type(name)),
                None => Failure::unknown(format!("there is no variable `{name}`")),
            },
        }
    }

    /// Evaluates `&&` or `||`. The deciding value decides even if another operand fails.
    fn junction(&mut self, operands: &'a [Expr], deciding: bool) -> Result<Value<'a>> {
        let mut failed = None;
        for operand in operands {
            match self.run(operand).and_then(|value| value.as_bool()) {
                Ok(value) if value == deciding => return Ok(Value::Bool(deciding)),
                Ok(_) => {}
                Err(Failure::Exhausted) => return Err(Failure::Exhausted),
                Err(problem) => failed = Some(worse(failed, problem)),
            }
        }
        failed.map_or(Ok(Value::Bool(!deciding)), Err)
    }

    /// Evaluates `operand[?key]` or `operand.?key`. An optional list or map is unwrapped first.
    fn optional(&self, operand: Value<'a>, key: &Value<'a>) -> Result<Value<'a>> {
        let found = match &operand {
            Value::Optional(None) => return Ok(Value::NONE),
            Value::Optional(Some(value)) => return self.optional(value.as_ref().clone(), key),
            Value::List(list) => match list.position(key)? {
                Some(position) => Some(list.get(position, self.budget)?),
                None => None,
            },
            Value::Map(map) => map.find(key, self.budget)?,
            _ => return Err(Failure::no_overload()),
        };
        Ok(found.map_or(Value::NONE, Value::some))
    }

    fn list(&mut self, items: &'a [Item]) -> Result<Value<'a>> {
        // The server folds a list of literals before evaluation, so such a list costs nothing.
        if !items.iter().all(|item| matches!(item.value, Expr::Literal(_))) {
            self.budget.spend(budget::LIST)?;
        }
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            match (self.run(&item.value)?, item.optional) {
                (value, false) => values.push(value),
                (Value::Optional(value), true) => values.extend(value.map(|value| value.as_ref().clone())),
                _ => return Failure::error("cannot initialize optional list element from non-optional value"),
            }
        }
        Ok(Value::list(values))
    }

    fn map(&mut self, entries: &'a [Entry]) -> Result<Value<'a>> {
        self.budget.spend(budget::MAP)?;
        let mut map = IndexMap::with_capacity(entries.len());
        for entry in entries {
            let (key, value) = (self.run(&entry.key)?, self.run(&entry.value)?);
            let value = match (value, entry.optional) {
                (value, false) => value,
                (Value::Optional(Some(value)), true) => value.as_ref().clone(),
                (Value::Optional(None), true) => continue,
                _ => return Failure::error("cannot initialize optional entry from non-optional value"),
            };
            key.pay_for_reading(self.budget)?;
            // The last of two equal keys wins.
            map.insert(Key::of(key)?, value);
        }
        Ok(Value::Map(Map::Entries(Rc::new(map))))
    }

    fn expand(&mut self, called: &'a Macro) -> Result<Value<'a>> {
        let range = self.run(&called.range)?;
        match called.kind {
            MacroKind::OptMap | MacroKind::OptFlatMap => self.map_optional(called, range),
            MacroKind::All => self.quantify(called, &range, false),
            MacroKind::Exists => self.quantify(called, &range, true),
            MacroKind::ExistsOne => self.exists_one(called, &range),
            MacroKind::Map => self.transformed(called, &range).map(Value::list),
            MacroKind::TransformMap | MacroKind::TransformMapEntry => self.transform_map(called, &range),
            MacroKind::SortBy => {
                let keys = self.transformed(called, &range)?;
                lists::sort_by_keys(range.as_list()?, &keys, self.budget)
            }
        }
    }

    fn map_optional(&mut self, called: &'a Macro, range: Value<'a>) -> Result<Value<'a>> {
        let Value::Optional(value) = range else { return Err(Failure::no_overload()) };
        let Some(value) = value else { return Ok(Value::NONE) };
        let mapped = self.with(&called.variables, (value.as_ref().clone(), Value::Null), &called.body)?;
        Ok(if called.kind == MacroKind::OptMap { Value::some(mapped) } else { mapped })
    }

    /// Evaluates `all` or `exists`. A deciding element decides even if other elements fail.
    fn quantify(&mut self, called: &'a Macro, range: &Value<'a>, deciding: bool) -> Result<Value<'a>> {
        let mut failed = None;
        let price = if deciding { budget::EXISTS } else { budget::ALL };
        for element in elements(range, &called.variables, self.budget)? {
            self.budget.spend(price)?;
            let holds = element.and_then(|element| self.with(&called.variables, element, &called.body));
            match holds.and_then(|value| value.as_bool()) {
                Ok(value) if value == deciding => return Ok(Value::Bool(deciding)),
                Ok(_) => {}
                Err(Failure::Exhausted) => return Err(Failure::Exhausted),
                Err(problem) => failed = Some(worse(failed, problem)),
            }
        }
        failed.map_or(Ok(Value::Bool(!deciding)), Err)
    }

    fn exists_one(&mut self, called: &'a Macro, range: &Value<'a>) -> Result<Value<'a>> {
        let mut found = 0;
        for element in elements(range, &called.variables, self.budget)? {
            self.budget.spend(budget::EXISTS_ONE)?;
            found += usize::from(self.with(&called.variables, element?, &called.body)?.as_bool()?);
        }
        Ok(Value::Bool(found == 1))
    }

    /// Returns the body's value for every element that passes the filter.
    fn transformed(&mut self, called: &'a Macro, range: &Value<'a>) -> Result<Vec<Value<'a>>> {
        let mut values = Vec::new();
        for element in elements(range, &called.variables, self.budget)? {
            self.budget.spend(1)?;
            let element = element?;
            if self.passes(called, &element)? {
                self.budget.spend(budget::KEPT)?;
                values.push(self.with(&called.variables, element, &called.body)?);
            }
        }
        Ok(values)
    }

    fn passes(&mut self, called: &'a Macro, element: &Element<'a>) -> Result<bool> {
        match &called.filter {
            Some(filter) => self.with(&called.variables, element.clone(), filter)?.as_bool(),
            None => Ok(true),
        }
    }

    fn transform_map(&mut self, called: &'a Macro, range: &Value<'a>) -> Result<Value<'a>> {
        let mut map = IndexMap::new();
        for element in elements(range, &called.variables, self.budget)? {
            self.budget.spend(budget::INSERTED)?;
            let element = element?;
            if !self.passes(called, &element)? {
                continue;
            }
            let key = element.0.clone();
            let value = self.with(&called.variables, element, &called.body)?;
            let entries = match (called.kind, value) {
                (MacroKind::TransformMap, value) => vec![(key, value)],
                (_, Value::Map(entries)) => {
                    self.budget.spend(entries.len())?;
                    let entry = |key: Value<'a>| Ok((key.clone(), entries.index(&key, self.budget)?));
                    entries.keys().map(entry).collect::<Result<_>>()?
                }
                _ => return Err(Failure::no_overload()),
            };
            for (key, value) in entries {
                key.pay_for_reading(self.budget)?;
                if map.insert(Key::of(key)?, value).is_some() {
                    return Failure::error("a key stands twice");
                }
            }
        }
        Ok(Value::Map(Map::Entries(Rc::new(map))))
    }

    /// Evaluates an expression whose variables stand for an element.
    fn with(&mut self, names: &'a Variables, element: Element<'a>, expr: &'a Expr) -> Result<Value<'a>> {
        let outer = self.variables.len();
        match names {
            Variables::One(name) => self.variables.push((name, Ok(element.0))),
            Variables::Two(first, second) => {
                self.variables.push((first, Ok(element.0)));
                self.variables.push((second, Ok(element.1)));
            }
        }
        let value = self.run(expr);
        self.variables.truncate(outer);
        value
    }
}

/// Values of a macro's variables. The second is null if the macro has one variable.
type Element<'a> = (Value<'a>, Value<'a>);

/// Returns the values of the variables for each element. Each is created when the iterator reaches it.
fn elements<'a, 'e>(
    range: &'e Value<'a>,
    names: &Variables,
    budget: &'e Budget,
) -> Result<Box<dyn Iterator<Item = Result<Element<'a>>> + 'e>>
where
    'a: 'e,
{
    if matches!(range, Value::Map(map) if map.is_object()) {
        return Failure::error("an object is no map");
    }
    Ok(match (range, names) {
        (Value::List(list), Variables::One(_)) => Box::new(list.iter(budget).map(|value| Ok((value?, Value::Null)))),
        (Value::List(list), Variables::Two(..)) => {
            let numbered = list.iter(budget).enumerate();
            Box::new(numbered.map(|(index, value)| Ok((Value::Int(index as i64), value?))))
        }
        (Value::Map(map), Variables::One(_)) => Box::new(map.keys().map(|key| Ok((key, Value::Null)))),
        (Value::Map(map), Variables::Two(..)) => Box::new(map.keys().map(|key| {
            let value = map.index(&key, budget)?;
            Ok((key, value))
        })),
        _ => return Err(Failure::no_overload()),
    })
}

fn worse(first: Option<Failure>, second: Failure) -> Failure {
    match first {
        Some(first) => first.or(second),
        None => second,
    }
}

pub(super) fn value_of(literal: &Literal) -> Value<'_> {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(value) => Value::Int(*value),
        Literal::Uint(value) => Value::Uint(*value),
        Literal::Double(value) => Value::Double(*value),
        Literal::String(value) => Value::String(Text::Borrowed(value)),
        Literal::Bytes(value) => Value::Bytes(Octets::Borrowed(value)),
        Literal::Type(name) => Value::Type(*name),
    }
}

fn select<'a>(operand: &Value<'a>, field: &'a str, budget: &Budget) -> Result<Value<'a>> {
    match operand {
        Value::Optional(None) => Ok(Value::NONE),
        Value::Optional(Some(inner)) => Ok(find(inner, field, budget)?.map_or(Value::NONE, Value::some)),
        _ => {
            let found = find(operand, field, budget)?;
            found.ok_or_else(|| Failure::Error(format!("no such key: {field}").into()))
        }
    }
}

fn has<'a>(operand: &Value<'a>, field: &'a str, budget: &Budget) -> Result<Value<'a>> {
    match operand {
        Value::Optional(None) => Ok(Value::Bool(false)),
        Value::Optional(Some(inner)) => has(inner, field, budget),
        _ => Ok(Value::Bool(find(operand, field, budget)?.is_some())),
    }
}

/// Returns the value of a field, if the operand has the field.
fn find<'a>(operand: &Value<'a>, field: &'a str, budget: &Budget) -> Result<Option<Value<'a>>> {
    fields(operand, field)?.find(&Value::String(Text::Borrowed(field)), budget)
}

/// Returns the map that has the field. Fails if the schema does not declare the field: no API server accepts such a
/// rule.
fn fields<'v, 'a>(operand: &'v Value<'a>, field: &str) -> Result<&'v Map<'a>> {
    let Value::Map(map) = operand else { return Err(Failure::no_overload()) };
    if let Map::Typed(typed) = map {
        let declared = match typed.kind {
            Kind::Object(_) => names::unescape(field).is_some_and(|name| {
                let is_identifier =
                    names::is_reserved(field) || names::escape(&name).is_some_and(|escaped| escaped == field);
                is_identifier && typed.type_of(&name).is_some_and(Type::is_exposed)
            }),
            Kind::Map(_) => true,
            _ => false,
        };
        if !declared {
            return Failure::error(format!("undefined field: {field}"));
        }
    }
    Ok(map)
}
