//! Prices of calls, by function and overload.

use super::nodes::Nodes;
use super::paths::{Path, Step};
use super::sizes::{Range, scaled};
use super::units::{LIST, PER_CHARACTER, PER_PATTERN_CHARACTER};
use crate::expression::ast::Literal;
use crate::expression::signatures::Plain;
use crate::expression::static_types::Static;
use crate::expression::tree::{Id, Node};

/// Length of the longest regular expression of a named format.
const FORMAT_PATTERN: f64 = 128.0;
/// Size of the description of a named format.
const FORMAT: u64 = 64;
/// Bytes of the shortest and of the longest IP address.
const ADDRESS: Range = Range { min: 4, max: 16 };

/// Argument of a call.
#[derive(Clone, Copy)]
pub(super) struct Argument<'c, 'e> {
    pub(super) id: Id,
    pub(super) path: Option<Path>,
    pub(super) type_: &'c Static<'e>,
    pub(super) size: Option<Range>,
}

/// Overload that a call may reach.
pub(super) struct Reached<'a, 'c, 'e> {
    /// Call.
    pub(super) id: Id,
    pub(super) function: &'static str,
    pub(super) overload: &'static str,
    /// Receiver of a member call.
    pub(super) target: Option<Argument<'c, 'e>>,
    /// Arguments without the receiver.
    pub(super) arguments: &'a [Argument<'c, 'e>],
}

/// Highest cost of a call, with the cost of its arguments, and the size of the result.
#[derive(Clone, Copy)]
pub(super) struct Price {
    pub(super) cost: u64,
    pub(super) size: Option<Range>,
}

impl Price {
    fn of(cost: u64) -> Self {
        Self { cost, size: None }
    }

    fn with(cost: u64, size: Range) -> Self {
        Self { cost, size: Some(size) }
    }

    /// Returns the price of a function that makes a list.
    fn of_list(factor: f64, elements: Range, size: Range) -> Self {
        Self::with(scaled(elements.max, factor).saturating_add(1 + LIST), size)
    }
}

/// Returns the price of reading a text.
fn reading(size: Range) -> u64 {
    scaled(size.max, PER_CHARACTER)
}

/// Returns the price of searching a text for a regular expression.
fn searching(text: Range, pattern: Range) -> u64 {
    let text = scaled(text.max.saturating_add(1), PER_CHARACTER);
    text.saturating_mul(scaled(pattern.max, PER_PATTERN_CHARACTER))
}

fn size_of(argument: &Argument<'_, '_>) -> Range {
    argument.size.unwrap_or(Range::UNKNOWN)
}

impl<'e> Nodes<'_, 'e> {
    /// Returns the price of a call. `costs` are the costs of the arguments without the receiver.
    pub(super) fn price(&mut self, call: &Reached<'_, '_, 'e>, costs: &[u64]) -> Price {
        let sum = costs.iter().fold(0_u64, |sum, cost| sum.saturating_add(*cost));
        let price = self.price_by_overload(call).or_else(|| self.price_in_kubernetes(call));
        match price {
            Some(price) => Price { cost: price.cost.saturating_add(sum), ..price },
            None => self.price_in_cel(call, costs, sum),
        }
    }

    /// Returns the price of a function of cel-go's lists and sets.
    fn price_by_overload(&self, call: &Reached<'_, '_, '_>) -> Option<Price> {
        let squared = |size: Range| size.multiply(size);
        Some(match (call.overload, call.target, call.arguments) {
            ("list_slice", Some(list), [start, end]) => {
                let end = self.integer(end).unwrap_or(size_of(&list).max);
                let size = Range::exactly(end.wrapping_sub(self.integer(start).unwrap_or(0)));
                Price::of_list(1.0, size, size)
            }
            ("lists_range", None, [length]) => {
                let size = Range::exactly(self.integer(length).unwrap_or(u64::MAX));
                Price::of_list(1.0, size, size)
            }
            ("list_reverse", Some(list), []) => Price::of_list(1.0, size_of(&list), size_of(&list)),
            ("list_flatten" | "list_flatten_int", Some(list), arguments) => {
                let depth = arguments.first().map_or(1, |depth| self.integer(depth).unwrap_or(u64::MAX));
                Price::of_list(depth as f64, size_of(&list), size_of(&list))
            }
            ("list_distinct", Some(list), []) => {
                let pairs = squared(size_of(&list));
                Price::of_list(2.0, pairs, pairs)
            }
            (overload, Some(list), arguments) if overload.ends_with("_sort") && arguments.is_empty() => {
                sorting(overload, size_of(&list))
            }
            (overload, Some(_), [keys]) if overload.ends_with("_sortByAssociatedKeys") => {
                sorting(overload, size_of(keys))
            }
            ("list_sets_contains_list" | "list_sets_intersects_list", _, [left, right]) => {
                Price::of(size_of(left).multiply(size_of(right)).max.saturating_add(1))
            }
            ("list_sets_equivalent_list", _, [left, right]) => {
                Price::of(scaled(size_of(left).multiply(size_of(right)).max, 2.0).saturating_add(1))
            }
            _ => return None,
        })
    }

    /// Returns the value of an integer literal that is not negative. A negative one counts as 0.
    fn integer(&self, argument: &Argument<'_, '_>) -> Option<u64> {
        match self.node(argument.id) {
            Node::Literal(Literal::Int(value)) => Some(u64::try_from(*value).unwrap_or(0)),
            _ => None,
        }
    }

    /// Returns the price of a function that Kubernetes estimates.
    fn price_in_kubernetes(&mut self, call: &Reached<'_, '_, 'e>) -> Option<Price> {
        let (target, arguments) = (call.target.as_ref(), call.arguments);
        Some(match (call.function, target, arguments) {
            ("isSorted" | "sum" | "max" | "min" | "indexOf" | "lastIndexOf", Some(list), _) => {
                match self.element_of(list) {
                    Some((element, path)) => {
                        let mut each = 1;
                        if let Static::Plain(Plain::String | Plain::Bytes) = element {
                            each += reading(self.declared_size(path).unwrap_or(Range::UNKNOWN));
                        }
                        Price::of(size_of(list).max.saturating_mul(each))
                    }
                    None => Price::of(reading(size_of(list))),
                }
            }
            ("url", _, [text]) => Price::with(reading(size_of(text)), size_of(text)),
            ("lowerAscii" | "upperAscii" | "substring" | "trim", Some(text), _) => {
                Price::with(reading(size_of(text)), size_of(text))
            }
            ("replace", Some(text), [from, to, ..]) => {
                let size = replaced(size_of(text), size_of(from), size_of(to));
                Price::with(scaled(size_of(text).max, 2.0 * PER_CHARACTER), size)
            }
            ("split", Some(text), _) => {
                let limit = arguments.get(1).and_then(|limit| match self.node(limit.id) {
                    // A negative limit is a large one, as in the conversion of Go.
                    Node::Literal(Literal::Int(value)) => Some(*value as u64),
                    _ => None,
                });
                let size = Range { min: 0, max: limit.unwrap_or(size_of(text).max) };
                Price::with(scaled(size_of(text).max, 2.0 * PER_CHARACTER), size)
            }
            ("join", Some(list), _) => {
                let mut size = Range::exactly(0);
                if let Some((_, path)) = self.element_of(list) {
                    let element = self.declared_size(path).unwrap_or(Range::UNKNOWN);
                    size = size_of(list).multiply(element);
                }
                if let Some(separator) = arguments.first() {
                    let list = size_of(list);
                    let separators = Range { min: list.min.saturating_sub(1), max: list.max.saturating_sub(1) };
                    size = size.add(size_of(separator).multiply(separators));
                }
                Price::with(reading(size), size)
            }
            ("find" | "findAll", Some(text), [pattern, ..]) => {
                let size = Range { min: 0, max: size_of(text).max };
                Price::with(searching(size_of(text), size_of(pattern)), size)
            }
            ("ip", _, _) if call.overload == "cidr_ip" => Price::of(1),
            ("cidr" | "isIP" | "isCIDR" | "ip" | "quantity" | "isQuantity" | "semver" | "isSemver", _, [text, ..]) => {
                Price::of(reading(size_of(text)))
            }
            ("ip.isCanonical", _, [text, ..]) => Price::of(scaled(size_of(text).max, 2.0 * PER_CHARACTER)),
            ("containsIP", _, [other, ..]) => {
                let mut cost = reading(ADDRESS.add(ADDRESS));
                if call.overload == "cidr_contains_ip_string" {
                    cost = cost.saturating_add(reading(size_of(other)));
                }
                Price::of(cost)
            }
            ("containsCIDR", _, [other, ..]) => {
                let mut cost = reading(ADDRESS.add(ADDRESS)) + reading(ADDRESS) + 1;
                if call.overload == "cidr_contains_cidr_string" {
                    cost = cost.saturating_add(reading(size_of(other)));
                }
                Price::of(cost)
            }
            ("validate", _, [text, ..]) => {
                Price::of(scaled(reading(size_of(text)), FORMAT_PATTERN * PER_PATTERN_CHARACTER))
            }
            (
                "masked"
                | "prefixLength"
                | "family"
                | "isUnspecified"
                | "isLoopback"
                | "isLinkLocalMulticast"
                | "isLinkLocalUnicast"
                | "isGlobalUnicast"
                | "format.named"
                | "sign"
                | "asInteger"
                | "isInteger"
                | "asApproximateFloat"
                | "isGreaterThan"
                | "isLessThan"
                | "compareTo"
                | "add"
                | "sub"
                | "major"
                | "minor"
                | "patch"
                | "getScheme"
                | "getHostname"
                | "getHost"
                | "getPort"
                | "getEscapedPath"
                | "getQuery",
                _,
                _,
            ) => Price::of(1),
            ("_==_", _, [left, right]) => return equality(left, right),
            _ => return None,
        })
    }

    /// Returns the type of the elements of a list, and the path to their declaration.
    fn element_of<'c>(&mut self, list: &Argument<'c, 'e>) -> Option<(&'c Static<'e>, Option<Path>)> {
        let element = list.type_.parameter()?;
        let path = list.path.map(|path| self.paths.copied(path, Step::Items));
        Some((element, path))
    }

    /// Returns the price of a function of standard CEL.
    fn price_in_cel(&mut self, call: &Reached<'_, '_, '_>, costs: &[u64], sum: u64) -> Price {
        let plus = |cost: u64| cost.saturating_add(sum);
        match (call.overload, call.target.as_ref(), call.arguments) {
            ("string_format", Some(text), _) => Price::of(plus(reading(size_of(text)))),
            ("string_to_bytes", _, [text]) => {
                let Range { min, max } = size_of(text);
                Price::with(plus(reading(size_of(text))), Range { min, max: max.wrapping_mul(4) })
            }
            ("bytes_to_string", _, [bytes]) => {
                let Range { min, max } = size_of(bytes);
                Price::with(plus(reading(size_of(bytes))), Range { min: min / 4, max })
            }
            ("strings_quote", _, [text]) => {
                let Range { min, max } = size_of(text);
                let size = Range { min: min.wrapping_add(2), max: max.wrapping_mul(2).wrapping_add(2) };
                Price::with(plus(reading(size_of(text))), size)
            }
            ("starts_with_string" | "ends_with_string", _, [part]) => Price::of(plus(reading(size_of(part)))),
            ("in_list", _, [_, list]) => Price::of(plus(size_of(list).max)),
            ("matches_string", Some(text), [pattern]) => Price::of(plus(searching(size_of(text), size_of(pattern)))),
            ("contains_string", Some(text), [part]) => {
                Price::of(plus(reading(size_of(text)).saturating_mul(reading(size_of(part)))))
            }
            ("logical_or" | "logical_and", _, _) => Price::of(sum),
            ("conditional", _, [_, then, otherwise]) => {
                if let (Some(then), Some(otherwise)) = (self.entries_of(then.id), self.entries_of(otherwise.id)) {
                    self.set_entries(call.id, Some(then.union(otherwise)));
                }
                let size = size_of(then).union(size_of(otherwise));
                Price::with(costs[0].saturating_add(costs[1].max(costs[2])), size)
            }
            ("add_string" | "add_bytes" | "add_list", _, [left, right]) => {
                if let (Some(left), Some(right)) = (self.entries_of(left.id), self.entries_of(right.id)) {
                    self.set_entries(call.id, Some(left.union(right)));
                }
                let size = size_of(left).add(size_of(right));
                let cost = if call.overload == "add_list" { 1 } else { reading(size) };
                Price::with(plus(cost), size)
            }
            ("equals" | "not_equals", _, [left, right]) => comparing(left, right, sum),
            (overload, _, [left, right]) if is_order_of_text(overload) => comparing(left, right, sum),
            _ => Price::of(plus(1)),
        }
    }
}

/// Returns whether an overload compares the order of strings or bytes.
fn is_order_of_text(overload: &str) -> bool {
    ["less_", "less_equals_", "greater_", "greater_equals_"]
        .iter()
        .any(|operator| matches!(overload.strip_prefix(operator), Some("string" | "bytes")))
}

fn comparing(left: &Argument<'_, '_>, right: &Argument<'_, '_>, sum: u64) -> Price {
    let smaller = size_of(left).max.min(size_of(right).max);
    Price::of(scaled(smaller, PER_CHARACTER).saturating_add(sum))
}

/// Returns the price of sorting by keys of the type that the overload names.
fn sorting(overload: &str, keys: Range) -> Price {
    let is_text = overload.starts_with("list_string_") || overload.starts_with("list_bytes_");
    let factor = if is_text { 2.0 + PER_CHARACTER } else { 2.0 };
    let pairs = keys.multiply(keys);
    Price::of_list(factor, pairs, pairs)
}

/// Returns the price of `==` for types of Kubernetes.
fn equality(left: &Argument<'_, '_>, right: &Argument<'_, '_>) -> Option<Price> {
    let (Static::Plain(plain), Static::Plain(other)) = (left.type_, right.type_) else { return None };
    match plain {
        _ if plain != other => None,
        Plain::Ip | Plain::Cidr | Plain::Quantity | Plain::Semver => Some(Price::of(1)),
        Plain::Format => Some(Price::of(scaled(FORMAT, PER_CHARACTER))),
        // As in Kubernetes, only the size of the right operand counts.
        Plain::Url => Some(Price::of(scaled(right.size.map_or(1, |size| size.max), PER_CHARACTER))),
        _ => None,
    }
}

/// Returns the size of a text in which parts are replaced.
fn replaced(text: Range, from: Range, to: Range) -> Range {
    let mut count = Range::exactly(0);
    let mut kept = Range::exactly(0);
    if from.min == 0 {
        // An empty part is found before every character, and at the end.
        count.max = text.max.saturating_add(1);
        kept.max = text.max;
    } else if to.max <= from.min {
        kept.max = text.max;
    } else {
        count.max = (text.max as f64 / from.min as f64).ceil() as u64;
    }
    if from.max == 0 {
        count.min = text.min.saturating_add(1);
        kept.min = text.min;
    } else if from.max <= to.min {
        kept.min = text.min;
    } else {
        count.min = (text.min as f64 / from.max as f64).ceil() as u64;
    }
    count.multiply(to).add(kept)
}
