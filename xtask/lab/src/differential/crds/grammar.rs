//! Schema nodes with rules that are generated from the types of the schema.

use serde_json::{Map, Value, json};

use super::super::dice::Dice;
use super::super::object::NAMES;

/// CEL type. Types with `Vec`s are declared by a schema.
#[derive(Clone, Debug, PartialEq)]
enum Type {
    Bool,
    Int,
    Uint,
    Double,
    Text,
    Bytes,
    Duration,
    Time,
    Dyn,
    List(Box<Type>),
    Map(Box<Type>),
    Object(Vec<(String, Type)>),
    Optional(Box<Type>),
    Quantity,
    Ip,
    Cidr,
    Url,
    Semver,
}

const SCALARS: [Type; 9] =
    [Type::Bool, Type::Int, Type::Double, Type::Text, Type::Text, Type::Bytes, Type::Duration, Type::Time, Type::Dyn];

/// Returns a node with one or two rules.
pub fn node(dice: &mut Dice) -> Value {
    let type_ = if dice.one_in(5) { declared(dice, 2) } else { object(dice, 0) };
    let mut schema = schema(dice, &type_);
    let rules: Vec<Value> = (0..=dice.below(2)).map(|_| rule(dice, &type_)).collect();
    schema["x-kubernetes-validations"] = rules.into();
    schema
}

fn object(dice: &mut Dice, depth: usize) -> Type {
    let mut fields: Vec<(String, Type)> = Vec::new();
    for _ in 0..=dice.below(5) {
        let name = (*dice.pick(&NAMES)).to_owned();
        if !fields.iter().any(|(known, _)| *known == name) {
            fields.push((name, declared(dice, depth + 1)));
        }
    }
    Type::Object(fields)
}

fn declared(dice: &mut Dice, depth: usize) -> Type {
    match dice.below(if depth < 3 { 14 } else { 9 }) {
        9 => object(dice, depth),
        10 | 11 => Type::List(Box::new(declared(dice, depth + 1))),
        12 => Type::Map(Box::new(declared(dice, depth + 1))),
        _ => dice.pick(&SCALARS).clone(),
    }
}

fn schema(dice: &mut Dice, type_: &Type) -> Value {
    let mut schema = match type_ {
        Type::Bool => json!({ "type": "boolean" }),
        Type::Int => json!({ "type": "integer" }),
        Type::Double => json!({ "type": "number" }),
        Type::Bytes => json!({ "type": "string", "format": "byte" }),
        Type::Duration => json!({ "type": "string", "format": "duration" }),
        Type::Time => json!({ "type": "string", "format": dice.pick(&["date", "date-time"]) }),
        Type::Dyn => json!({ "x-kubernetes-int-or-string": true }),
        Type::List(items) => json!({ "type": "array", "items": schema(dice, items) }),
        Type::Map(values) => json!({ "type": "object", "additionalProperties": schema(dice, values) }),
        Type::Object(fields) => {
            let properties: Map<String, Value> =
                fields.iter().map(|(name, type_)| (name.clone(), schema(dice, type_))).collect();
            let required: Vec<&String> = fields.iter().map(|(name, _)| name).filter(|_| dice.one_in(3)).collect();
            json!({ "type": "object", "required": required, "properties": properties })
        }
        _ => json!({ "type": "string" }),
    };
    let limit = json!(dice.pick(&[0, 1, 5, 30, 253, 1024, 65_536]));
    let keyword = match type_ {
        Type::Text | Type::Bytes | Type::Dyn => "maxLength",
        Type::List(_) => "maxItems",
        Type::Map(_) => "maxProperties",
        _ => return schema,
    };
    if !dice.one_in(3) {
        schema[keyword] = limit;
    } else if *type_ == Type::Text && dice.one_in(3) {
        schema["enum"] = json!(["a", "bcd", "é"]);
    }
    if let (Type::List(items), true) = (type_, dice.one_in(3))
        && matches!(**items, Type::Text | Type::Int | Type::Dyn)
    {
        schema["x-kubernetes-list-type"] = json!("set");
    }
    schema
}

fn rule(dice: &mut Dice, type_: &Type) -> Value {
    let is_optional = dice.one_in(8);
    let old = if is_optional { Type::Optional(Box::new(type_.clone())) } else { type_.clone() };
    let mut variables = vec![("self".to_owned(), type_.clone())];
    if is_optional || dice.one_in(6) {
        variables.push(("oldSelf".to_owned(), old));
    }
    let mut writer = Writer { dice, variables, count: 0 };
    let mut rule = json!({ "rule": writer.expression(&Type::Bool, 4) });
    if writer.dice.one_in(4) {
        rule["messageExpression"] = json!(writer.expression(&Type::Text, 3));
    }
    if is_optional {
        rule["optionalOldSelf"] = json!(true);
    }
    rule
}

/// Writer of expressions.
struct Writer<'d> {
    dice: &'d mut Dice,
    variables: Vec<(String, Type)>,
    /// Number of the variables of macros so far.
    count: usize,
}

impl Writer<'_> {
    /// Returns an expression of a type. One in sixty has another type.
    fn expression(&mut self, wanted: &Type, depth: usize) -> String {
        if self.dice.one_in(60) {
            let other = self.dice.pick(&SCALARS).clone();
            return self.leaf(&other);
        }
        if depth == 0 || self.dice.one_in(6) {
            return self.leaf(wanted);
        }
        let below = depth - 1;
        if self.dice.one_in(12) {
            let (condition, one, other) =
                (self.expression(&Type::Bool, below), self.expression(wanted, below), self.expression(wanted, below));
            return format!("({condition} ? {one} : {other})");
        }
        if self.dice.one_in(12) {
            let optional = Type::Optional(Box::new(wanted.clone()));
            let value = self.expression(&optional, below);
            return match self.dice.below(2) {
                0 => format!("{value}.value()"),
                _ => format!("{value}.orValue({})", self.expression(wanted, below)),
            };
        }
        match wanted {
            Type::Bool => self.boolean(below),
            Type::Int => self.integer(below),
            Type::Uint => format!("uint({})", self.expression(&Type::Int, below)),
            Type::Double => self.double(below),
            Type::Text => self.text(below),
            Type::Bytes => format!("bytes({})", self.expression(&Type::Text, below)),
            Type::Duration => {
                format!("({} - {})", self.expression(&Type::Time, below), self.expression(&Type::Time, below))
            }
            Type::Time => {
                format!("({} + {})", self.expression(&Type::Time, below), self.expression(&Type::Duration, below))
            }
            Type::Dyn => {
                let type_ = self.dice.pick(&SCALARS).clone();
                format!("dyn({})", self.expression(&type_, below))
            }
            Type::List(items) => self.list(items, below),
            Type::Map(values) => self.map(values, below),
            Type::Optional(value) => self.optional(value, below),
            Type::Object(_) => self.leaf(wanted),
            Type::Quantity => match self.dice.below(3) {
                0 => format!("quantity({})", self.expression(&Type::Text, below)),
                1 => format!("{}.add({})", self.expression(wanted, below), self.expression(&Type::Int, below)),
                _ => format!("{}.sub({})", self.expression(wanted, below), self.expression(wanted, below)),
            },
            Type::Ip => match self.dice.below(2) {
                0 => format!("ip({})", self.expression(&Type::Text, below)),
                _ => format!("{}.ip()", self.expression(&Type::Cidr, below)),
            },
            Type::Cidr => match self.dice.below(2) {
                0 => format!("cidr({})", self.expression(&Type::Text, below)),
                _ => format!("{}.masked()", self.expression(wanted, below)),
            },
            Type::Url => format!("url({})", self.expression(&Type::Text, below)),
            Type::Semver => format!("semver({}, true)", self.expression(&Type::Text, below)),
        }
    }

    /// Returns an access to a declared value of the type if there is one, or a literal.
    fn leaf(&mut self, wanted: &Type) -> String {
        let mut paths = Vec::new();
        for (name, type_) in &self.variables {
            reach(name.clone(), type_, wanted, 3, &mut paths);
        }
        if !paths.is_empty() && !self.dice.one_in(4) {
            return self.dice.pick(&paths).clone();
        }
        match wanted {
            Type::Bool => (*self.dice.pick(&["true", "false"])).to_owned(),
            Type::Int => (*self.dice.pick(&["0", "1", "-5", "1000", "self.size()"])).to_owned(),
            Type::Uint => "7u".to_owned(),
            Type::Double => (*self.dice.pick(&["0.5", "1e3", "-2.0"])).to_owned(),
            Type::Text => {
                (*self.dice.pick(&["''", "'a'", "'^[a-z]*$'", "\"é\"", "'10.0.0.0/8'", "'%s %d'"])).to_owned()
            }
            Type::Bytes => "b'xyz'".to_owned(),
            Type::Duration => (*self.dice.pick(&["duration('1h')", "duration('1 hour')"])).to_owned(),
            Type::Time => "timestamp('2024-01-01T00:00:00Z')".to_owned(),
            Type::Dyn => "dyn(1)".to_owned(),
            Type::List(items) => match self.dice.below(3) {
                0 => "[]".to_owned(),
                1 => format!("[{}]", self.leaf(items)),
                _ => format!("[{}, {}]", self.leaf(items), self.leaf(items)),
            },
            Type::Map(values) => match self.dice.below(2) {
                0 => "{}".to_owned(),
                _ => format!("{{'k': {}}}", self.leaf(values)),
            },
            Type::Optional(value) => format!("optional.of({})", self.leaf(value)),
            Type::Object(_) => "self".to_owned(),
            Type::Quantity => "quantity('1Gi')".to_owned(),
            Type::Ip => "ip('::1')".to_owned(),
            Type::Cidr => "cidr('10.0.0.0/8')".to_owned(),
            Type::Url => "url('https://a')".to_owned(),
            Type::Semver => "semver('1.2.3')".to_owned(),
        }
    }

    fn any_type(&mut self) -> Type {
        match self.dice.below(14) {
            0 => Type::List(Box::new(self.dice.pick(&SCALARS).clone())),
            1 => Type::Map(Box::new(self.dice.pick(&SCALARS).clone())),
            2 => self.dice.pick(&[Type::Quantity, Type::Ip, Type::Cidr, Type::Url, Type::Semver, Type::Uint]).clone(),
            3 | 4 => {
                let at = self.dice.below(self.variables.len());
                self.variables[at].1.clone()
            }
            _ => self.dice.pick(&SCALARS).clone(),
        }
    }

    fn boolean(&mut self, below: usize) -> String {
        let text = |writer: &mut Self| writer.expression(&Type::Text, below);
        match self.dice.below(20) {
            0 | 1 => format!("{} && {}", self.expression(&Type::Bool, below), self.expression(&Type::Bool, below)),
            2 => format!("({} || {})", self.expression(&Type::Bool, below), self.expression(&Type::Bool, below)),
            3 => format!("!({})", self.expression(&Type::Bool, below)),
            4 | 5 => {
                let type_ = self.any_type();
                let operator = *self.dice.pick(&["==", "!="]);
                format!("{} {operator} {}", self.expression(&type_, below), self.expression(&type_, below))
            }
            6 => {
                let types = [Type::Int, Type::Double, Type::Text, Type::Time, Type::Duration, Type::Bytes, Type::Uint];
                let (one, other) = (self.dice.pick(&types).clone(), self.dice.pick(&types).clone());
                let other = if self.dice.one_in(6) { other } else { one.clone() };
                let operator = *self.dice.pick(&["<", "<=", ">", ">="]);
                format!("{} {operator} {}", self.expression(&one, below), self.expression(&other, below))
            }
            7 => {
                let function = *self.dice.pick(&["contains", "startsWith", "endsWith", "matches"]);
                format!("{}.{function}({})", text(self), text(self))
            }
            8 | 9 => self.quantifier(below),
            10 => {
                let items = self.dice.pick(&SCALARS).clone();
                format!(
                    "{} in {}",
                    self.expression(&items, below),
                    self.expression(&Type::List(Box::new(items.clone())), below)
                )
            }
            11 => format!("{} in {}", text(self), self.expression(&Type::Map(Box::new(Type::Text)), below)),
            12 => self.presence(),
            13 => {
                let function =
                    *self.dice.pick(&["isIP", "isCIDR", "isURL", "isQuantity", "isSemver", "ip.isCanonical", "bool"]);
                format!("{function}({})", text(self))
            }
            14 => {
                let items = self.dice.pick(&[Type::Int, Type::Text, Type::Double, Type::Bool]).clone();
                format!("{}.isSorted()", self.expression(&Type::List(Box::new(items)), below))
            }
            15 => {
                let list = Type::List(Box::new(self.dice.pick(&SCALARS).clone()));
                let function = *self.dice.pick(&["contains", "intersects", "equivalent"]);
                format!("sets.{function}({}, {})", self.expression(&list, below), self.expression(&list, below))
            }
            16 => {
                let type_ = self.dice.pick(&[Type::Quantity, Type::Semver]).clone();
                format!("{}.isLessThan({})", self.expression(&type_, below), self.expression(&type_, below))
            }
            17 => match self.dice.below(3) {
                0 => format!("{}.containsIP({})", self.expression(&Type::Cidr, below), text(self)),
                1 => format!("{}.containsCIDR({})", self.expression(&Type::Cidr, below), text(self)),
                _ => format!("{}.isLoopback()", self.expression(&Type::Ip, below)),
            },
            18 => format!("!format.dns1123Label().validate({}).hasValue()", text(self)),
            _ => {
                let value = self.any_type();
                let value = self.expression(&value, below);
                format!("type({value}) == {}", self.dice.pick(&["string", "int", "list", "type", "type(self)"]))
            }
        }
    }

    fn presence(&mut self) -> String {
        let mut objects = Vec::new();
        for (name, type_) in &self.variables {
            objects_of(name.clone(), type_, 2, &mut objects);
        }
        if objects.is_empty() {
            return "has(self.a)".to_owned();
        }
        let (path, fields) = self.dice.pick(&objects).clone();
        let field = if self.dice.one_in(20) { "nope".to_owned() } else { escaped(self.dice.pick::<String>(&fields)) };
        match self.dice.below(3) {
            0 => format!("{path}.?{field}.hasValue()"),
            _ => format!("has({path}.{field})"),
        }
    }

    /// Returns a range, its type, and the types of the variables for its elements.
    fn range(&mut self, below: usize) -> (String, bool, Type) {
        let element = self.dice.pick(&SCALARS).clone();
        let mut ranges = Vec::new();
        for (name, type_) in &self.variables {
            ranges_of(name.clone(), type_, 3, &mut ranges);
        }
        if !ranges.is_empty() && !self.dice.one_in(3) {
            return self.dice.pick(&ranges).clone();
        }
        match self.dice.one_in(4) {
            true => (self.expression(&Type::Map(Box::new(element.clone())), below), false, element),
            false => (self.expression(&Type::List(Box::new(element.clone())), below), true, element),
        }
    }

    fn quantifier(&mut self, below: usize) -> String {
        let kind = *self.dice.pick(&["all", "exists", "exists_one"]);
        self.with_element(below, |writer, range, variables| {
            let body = writer.expression(&Type::Bool, below);
            format!("{range}.{kind}({variables}, {body})")
        })
    }

    /// Calls `write` with a range and with variables for its elements, which are declared meanwhile.
    fn with_element(&mut self, below: usize, write: impl FnOnce(&mut Self, &str, &str) -> String) -> String {
        let (range, is_list, element) = self.range(below);
        self.count += 1;
        let (first, second) = (format!("x{}", self.count), format!("y{}", self.count));
        let outer = self.variables.len();
        let key = if is_list { Type::Int } else { Type::Text };
        let names = match self.dice.one_in(3) {
            true => {
                self.variables.extend([(first.clone(), key), (second.clone(), element)]);
                format!("{first}, {second}")
            }
            false => {
                self.variables.push((first.clone(), if is_list { element } else { key }));
                first
            }
        };
        let written = write(self, &range, &names);
        self.variables.truncate(outer);
        written
    }

    fn integer(&mut self, below: usize) -> String {
        match self.dice.below(9) {
            0 | 1 => {
                let operator = *self.dice.pick(&["+", "-", "*", "/", "%"]);
                format!("({} {operator} {})", self.expression(&Type::Int, below), self.expression(&Type::Int, below))
            }
            2 | 3 => {
                let types = [Type::Text, Type::Bytes, Type::List(Box::new(Type::Text)), Type::Map(Box::new(Type::Int))];
                let type_ = self.dice.pick(&types).clone();
                format!("size({})", self.expression(&type_, below))
            }
            4 => format!("int({})", self.expression(&Type::Text, below)),
            5 => format!("{}.indexOf({})", self.expression(&Type::Text, below), self.expression(&Type::Text, below)),
            6 => format!("{}.getHours()", self.expression(&Type::Time, below)),
            7 => format!("{}.sum()", self.expression(&Type::List(Box::new(Type::Int)), below)),
            _ => format!(
                "{}[{}]",
                self.expression(&Type::List(Box::new(Type::Int)), below),
                self.expression(&Type::Int, below)
            ),
        }
    }

    fn double(&mut self, below: usize) -> String {
        match self.dice.below(3) {
            0 => format!("double({})", self.expression(&Type::Int, below)),
            1 => format!("{}.max()", self.expression(&Type::List(Box::new(Type::Double)), below)),
            _ => format!("({} * {})", self.expression(&Type::Double, below), self.expression(&Type::Double, below)),
        }
    }

    fn text(&mut self, below: usize) -> String {
        let text = |writer: &mut Self| writer.expression(&Type::Text, below);
        match self.dice.below(12) {
            0 | 1 => format!("({} + {})", text(self), text(self)),
            2 => {
                let type_ = self.dice.pick(&SCALARS).clone();
                format!("string({})", self.expression(&type_, below))
            }
            3 => format!("{}.replace({}, {})", text(self), text(self), text(self)),
            4 => format!("{}.join({})", self.expression(&Type::List(Box::new(Type::Text)), below), text(self)),
            5 => format!("{}.substring({})", text(self), self.expression(&Type::Int, below)),
            6 => {
                let function = *self.dice.pick(&["lowerAscii", "upperAscii", "trim"]);
                format!("{}.{function}()", text(self))
            }
            7 => format!("{}.find({})", text(self), text(self)),
            8 => {
                let types = [self.any_type(), self.any_type()];
                let values: Vec<_> = types.iter().map(|type_| self.expression(type_, below)).collect();
                let clauses = *self.dice.pick(&["%s %s", "%d%s", "%.2f and %x", "%%%s", "%s"]);
                format!("'{clauses}'.format([{}])", values.join(", "))
            }
            9 => format!("{}.getHost()", self.expression(&Type::Url, below)),
            10 => format!("strings.quote({})", text(self)),
            _ => format!(
                "{}[{}]",
                self.expression(&Type::List(Box::new(Type::Text)), below),
                self.expression(&Type::Int, below)
            ),
        }
    }

    fn list(&mut self, items: &Type, below: usize) -> String {
        let list = Type::List(Box::new(items.clone()));
        match self.dice.below(13) {
            0 => format!("[{}, {}]", self.expression(items, below), self.expression(items, below)),
            1 => format!("({} + {})", self.expression(&list, below), self.expression(&list, below)),
            2 => format!("[?{}]", self.expression(&Type::Optional(Box::new(items.clone())), below)),
            3 | 4 => self.with_element(below, |writer, range, variables| {
                let is_pair = variables.contains(',');
                let body = writer.expression(items, below);
                let filter = writer.dice.one_in(3).then(|| writer.expression(&Type::Bool, below) + ", ");
                let name = if is_pair { "transformList" } else { "map" };
                format!("{range}.{name}({variables}, {}{body})", filter.unwrap_or_default())
            }),
            5 => {
                self.count += 1;
                let name = format!("x{}", self.count);
                let range = self.expression(&list, below);
                self.variables.push((name.clone(), items.clone()));
                let body = self.expression(&Type::Bool, below);
                self.variables.pop();
                format!("{range}.filter({name}, {body})")
            }
            6 if *items == Type::Text => {
                format!("{}.split({})", self.expression(&Type::Text, below), self.expression(&Type::Text, below))
            }
            7 if *items == Type::Text => format!("{}.findAll('[a-z]+')", self.expression(&Type::Text, below)),
            8 if *items == Type::Int => format!("lists.range({})", self.expression(&Type::Int, below)),
            9 => {
                let function =
                    *self.dice.pick(&["reverse()", "distinct()", "sort()", "slice(0, 2)", "slice(1, self.size())"]);
                format!("{}.{function}", self.expression(&list, below))
            }
            10 => {
                self.count += 1;
                let name = format!("x{}", self.count);
                let range = self.expression(&list, below);
                self.variables.push((name.clone(), items.clone()));
                let key = self.dice.pick(&[Type::Int, Type::Text, Type::Double]).clone();
                let body = self.expression(&key, below);
                self.variables.pop();
                format!("{range}.sortBy({name}, {body})")
            }
            11 => format!("[{}, {}].flatten()", self.expression(&list, below), self.expression(&list, below)),
            _ => self.leaf(&list),
        }
    }

    fn map(&mut self, values: &Type, below: usize) -> String {
        match self.dice.below(3) {
            0 => format!("{{{}: {}}}", self.expression(&Type::Text, below), self.expression(values, below)),
            1 => self.with_element(below, |writer, range, variables| {
                let body = writer.expression(values, below);
                match variables.contains(',') {
                    true => format!("{range}.transformMap({variables}, {body})"),
                    false => format!("{{'a': {body}}}"),
                }
            }),
            _ => self.leaf(&Type::Map(Box::new(values.clone()))),
        }
    }

    fn optional(&mut self, value: &Type, below: usize) -> String {
        match self.dice.below(6) {
            0 => format!("optional.of({})", self.expression(value, below)),
            1 => format!("optional.ofNonZeroValue({})", self.expression(value, below)),
            2 => format!(
                "{}[?{}]",
                self.expression(&Type::List(Box::new(value.clone())), below),
                self.expression(&Type::Int, below)
            ),
            3 => format!("{}.first()", self.expression(&Type::List(Box::new(value.clone())), below)),
            4 => {
                self.count += 1;
                let name = format!("o{}", self.count);
                let from = self.dice.pick(&SCALARS).clone();
                let range = self.expression(&Type::Optional(Box::new(from.clone())), below);
                self.variables.push((name.clone(), from));
                let body = self.expression(value, below);
                self.variables.pop();
                format!("{range}.optMap({name}, {body})")
            }
            _ => self.leaf(&Type::Optional(Box::new(value.clone()))),
        }
    }
}

/// Adds the paths from a value to values of a type.
fn reach(path: String, type_: &Type, wanted: &Type, depth: usize, paths: &mut Vec<String>) {
    if type_ == wanted {
        paths.push(path.clone());
    }
    if depth == 0 {
        return;
    }
    match type_ {
        Type::Object(fields) => {
            for (name, field) in fields {
                reach(format!("{path}.{}", escaped(name)), field, wanted, depth - 1, paths);
            }
        }
        Type::Optional(value) => {
            if let (Type::Object(fields), Type::Optional(wanted)) = (value.as_ref(), wanted) {
                for (name, field) in fields {
                    reach(format!("{path}.?{}", escaped(name)), field, wanted, depth - 1, paths);
                }
            }
        }
        Type::List(items) => reach(format!("{path}[0]"), items, wanted, depth - 1, paths),
        Type::Map(values) => reach(format!("{path}['k']"), values, wanted, depth - 1, paths),
        _ => {}
    }
}

/// Adds the objects that are reached from a value, with the names of their fields.
fn objects_of(path: String, type_: &Type, depth: usize, found: &mut Vec<(String, Vec<String>)>) {
    let Type::Object(fields) = type_ else { return };
    found.push((path.clone(), fields.iter().map(|(name, _)| name.clone()).collect()));
    if depth > 0 {
        for (name, field) in fields {
            objects_of(format!("{path}.{}", escaped(name)), field, depth - 1, found);
        }
    }
}

/// Adds the lists and maps that are reached from a value: path, whether it is a list, and the type of the elements.
fn ranges_of(path: String, type_: &Type, depth: usize, found: &mut Vec<(String, bool, Type)>) {
    match type_ {
        Type::List(items) => found.push((path, true, items.as_ref().clone())),
        Type::Map(values) => found.push((path, false, values.as_ref().clone())),
        Type::Object(fields) if depth > 0 => {
            for (name, field) in fields {
                ranges_of(format!("{path}.{}", escaped(name)), field, depth - 1, found);
            }
        }
        _ => {}
    }
}

fn escaped(name: &str) -> String {
    match name {
        "in" | "namespace" => format!("__{name}__"),
        _ => name.replace("__", "__underscores__").replace('-', "__dash__").replace('.', "__dot__"),
    }
}
