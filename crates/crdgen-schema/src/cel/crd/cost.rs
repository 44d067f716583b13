//! Budgets of an API server for the estimated costs of rules.

use crdgen_cel::{Type, Unbounded};

use crate::report::Path;
use crate::schema::{Schema, SchemaType};

/// Highest estimated cost of one expression: `StaticEstimatedCostLimit` of the server.
pub(super) const PER_EXPRESSION: u64 = 10_000_000;
/// Highest estimated cost of all rules of a schema together: `StaticEstimatedCRDCostLimit` of the server.
const PER_SCHEMA: u64 = 100_000_000;
/// Bytes of the largest request that a server accepts.
const MAX_REQUEST: u64 = 3 * 1024 * 1024;
/// Maximum number of expressions that are named when the total cost is too high.
const MAX_NAMED: usize = 4;

/// Highest number of values of a node in one object. `None` if a list or map above the node has no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cardinality(Option<u64>);

impl Cardinality {
    pub(super) const ONE: Self = Self(Some(1));

    /// Returns the cardinality of the nodes directly below a node.
    pub(super) fn below(self, schema: &Schema) -> Self {
        Self(self.0.and_then(|count| Some(count.saturating_mul(elements(schema)?))))
    }

    /// Returns the cost of an expression for all values of the node, whose type is `type_`.
    pub(super) fn times(self, cost: u64, type_: &Type) -> u64 {
        let count = self.0.unwrap_or_else(|| MAX_REQUEST / (type_.shortest_json() + 1));
        cost.saturating_mul(count)
    }
}

/// Returns the highest number of elements of a value; 1 for a value that is no list or map.
fn elements(schema: &Schema) -> Option<u64> {
    let limit = match (schema.type_, &schema.additional_properties) {
        (Some(SchemaType::Object), Some(_)) => schema.bounds.max_properties,
        (Some(SchemaType::Array), _) => schema.bounds.max_items,
        _ => return Some(1),
    };
    limit.map(|limit| u64::try_from(limit).unwrap_or(0))
}

/// Lists and maps above a node that have no limit: for each the missing keyword and the path.
#[derive(Clone, Default)]
pub(super) struct Unlimited<'p> {
    found: Vec<(&'static str, &'p Path<'p>)>,
}

impl<'p> Unlimited<'p> {
    /// Returns the lists and maps above the nodes that are directly below a node.
    pub(super) fn below(&self, schema: &Schema, path: &'p Path<'p>) -> Self {
        let mut below = self.clone();
        if elements(schema).is_none() {
            let is_list = schema.type_ == Some(SchemaType::Array);
            let keyword = if is_list { "maxItems" } else { "maxProperties" };
            // Only the first few are named.
            if below.found.len() < MAX_NAMED {
                below.found.push((keyword, path));
            }
        }
        below
    }
}

/// Returns advice on how to lower the estimated cost of an expression.
pub(super) fn advice(unlimited: &Unlimited<'_>, unbounded: &[Unbounded]) -> String {
    let above = unlimited.found.iter().map(|(keyword, path)| format!("`{keyword}` at {path}"));
    let read = unbounded.iter().map(|value| format!("`{}` to the schema of `{}`", value.keyword, value.path));
    let limits: Vec<_> = above.chain(read).collect();
    match limits.is_empty() {
        true => {
            "simplify the rule, or lower maxItems, maxProperties and maxLength of the values that it reads".to_owned()
        }
        false => format!("simplify the rule, or add {}", limits.join(", ")),
    }
}

/// Returns how many times a cost exceeds a limit, in the words of the server.
pub(super) fn factor(cost: u64, limit: u64) -> String {
    let factor = cost as f64 / limit as f64;
    if factor > 100.0 {
        "more than 100x".to_owned()
    } else if factor < 1.5 {
        format!("{factor:.6}x")
    } else {
        format!("{factor:.1}x")
    }
}

/// Sum of the costs of a schema's expressions.
#[derive(Debug, Default)]
pub(super) struct Total {
    sum: u64,
    /// Costs and paths of the most expensive expressions, in descending order.
    expensive: Vec<(u64, String)>,
}

impl Total {
    /// Counts an expression.
    pub(super) fn count(&mut self, cost: u64, path: &Path<'_>) {
        self.sum = self.sum.saturating_add(cost);
        if cost < PER_SCHEMA / 100 {
            return;
        }
        let position = self.expensive.partition_point(|(other, _)| *other >= cost);
        if position < MAX_NAMED {
            self.expensive.insert(position, (cost, path.to_string()));
            self.expensive.truncate(MAX_NAMED);
        }
    }

    /// Returns how many times the sum exceeds its limit, and the most expensive expressions, if it does.
    pub(super) fn excess(&self) -> Option<(String, String)> {
        let paths: Vec<_> = self.expensive.iter().map(|(_, path)| path.as_str()).collect();
        (self.sum > PER_SCHEMA).then(|| (factor(self.sum, PER_SCHEMA), paths.join(", ")))
    }
}
