//! Signatures of functions: for each overload its id, the types of its arguments, and the type of its result.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::functions::Style;

/// Overload of a function.
#[derive(Debug)]
pub(super) struct Overload {
    /// Id in cel-go, for example `list_size`. Costs are estimated by this id.
    pub(super) id: &'static str,
    pub(super) style: Style,
    /// Types of the arguments. The receiver of a member call is the first.
    pub(super) arguments: Vec<Form>,
    pub(super) result: Form,
}

/// Type in a signature.
#[derive(Debug)]
pub(super) enum Form {
    /// Type parameter, by its position in the overload.
    Parameter(usize),
    List(Box<Form>),
    Map(Box<[Form; 2]>),
    Optional(Box<Form>),
    Type(Box<Form>),
    /// Any other type, by its name.
    Plain(Plain),
}

/// Type without parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain {
    Dyn,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Duration,
    Timestamp,
    Quantity,
    Semver,
    Url,
    Format,
    Ip,
    Cidr,
}

/// Overloads of all functions, by the name of the function.
static TABLE: LazyLock<HashMap<&'static str, Vec<Overload>>> = LazyLock::new(|| {
    let mut table: HashMap<_, Vec<Overload>> = HashMap::new();
    for line in include_str!("signatures.txt").lines().filter(|line| !line.starts_with('#')) {
        let (name, overload) = read(line);
        table.entry(name).or_default().push(overload);
    }
    table
});

/// Returns the overloads of a function in the order in which the type checker tries them, or none if there is no such
/// function.
pub(super) fn overloads(function: &str) -> &'static [Overload] {
    TABLE.get(function).map_or(&[], Vec::as_slice)
}

/// Reads a line of the table: id, form of the call, `function(arguments) -> result`.
fn read(line: &'static str) -> (&'static str, Overload) {
    let mut words = line.splitn(3, ' ');
    let mut word = || words.next().expect("a line has three columns");
    let (id, style, signature) = (word(), word(), word());
    let (call, result) = signature.split_once(" -> ").expect("a signature has a result");
    let (name, arguments) = call.split_once('(').expect("a signature has arguments");
    let arguments = arguments.strip_suffix(')').expect("the arguments are in brackets");
    let overload = Overload {
        id,
        style: if style == "member" { Style::Member } else { Style::Global },
        arguments: parts(arguments).map(form).collect(),
        result: form(result),
    };
    (name, overload)
}

/// Splits types at the commas that are not within brackets.
fn parts(types: &'static str) -> impl Iterator<Item = &'static str> {
    let mut depth = 0;
    types
        .split(move |letter| {
            depth += i32::from(letter == '(') - i32::from(letter == ')');
            letter == ',' && depth == 0
        })
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

fn form(text: &'static str) -> Form {
    let Some((outer, inner)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) else {
        return match text {
            "A" => Form::Parameter(0),
            "B" => Form::Parameter(1),
            name => Form::Plain(plain(name)),
        };
    };
    let mut inner = parts(inner).map(form);
    let mut next = || inner.next().expect("a type has its parameters");
    match outer {
        "list" => Form::List(Box::new(next())),
        "map" => Form::Map(Box::new([next(), next()])),
        "optional" => Form::Optional(Box::new(next())),
        "type" => Form::Type(Box::new(next())),
        _ => unreachable!("`{text}` is no type"),
    }
}

fn plain(name: &str) -> Plain {
    match name {
        "dyn" => Plain::Dyn,
        "bool" => Plain::Bool,
        "int" => Plain::Int,
        "uint" => Plain::Uint,
        "double" => Plain::Double,
        "string" => Plain::String,
        "bytes" => Plain::Bytes,
        "duration" => Plain::Duration,
        "timestamp" => Plain::Timestamp,
        "quantity" => Plain::Quantity,
        "semver" => Plain::Semver,
        "url" => Plain::Url,
        "format" => Plain::Format,
        "ip" => Plain::Ip,
        "cidr" => Plain::Cidr,
        _ => unreachable!("`{name}` is no type"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_can_be_read() {
        let count: usize = TABLE.values().map(Vec::len).sum();
        let lines = include_str!("signatures.txt").lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(count, lines);
        let get_query = &overloads("getQuery")[0];
        assert!(matches!(&get_query.result, Form::Map(entry) if matches!(entry[1], Form::List(_))));
    }
}
