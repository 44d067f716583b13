//! CEL rules that are true whenever another rule is.
//!
//! The search knows the boolean operators, the conditional operator, `all` and `exists`, and comparisons with a number.
//! It finds implications by structure only, and gives up after a fixed amount of work.

use super::boolean::{conditional, split, split_once, unwrapped};

/// Maximum length of a rule, in bytes, and maximum number of comparisons.
const MAX_LENGTH: usize = 4096;
const MAX_WORK: usize = 4000;

/// Returns whether `new` is true whenever `old` is. Both have no white space without meaning.
pub(super) fn implies(old: &str, new: &str) -> bool {
    let is_short = old.len() <= MAX_LENGTH && new.len() <= MAX_LENGTH;
    is_short && Search { work: 0 }.implies(old, new)
}

struct Search {
    work: usize,
}

impl Search {
    fn implies(&mut self, old: &str, new: &str) -> bool {
        self.work += 1;
        if self.work > MAX_WORK {
            return false;
        }
        let (old, new) = (unwrapped(old), unwrapped(new));
        if old == new || new == "true" || old == "false" {
            return true;
        }
        let (any_old, any_new) = (disjuncts(old), disjuncts(new));
        if any_old.len() > 1 {
            return any_old.iter().all(|old| self.implies(old, new));
        }
        let (all_old, all_new) = (conjuncts(old), conjuncts(new));
        if all_new.len() > 1 {
            return all_new.iter().all(|new| self.implies(old, new));
        }
        (any_new.len() > 1 && any_new.iter().any(|new| self.implies(old, new)))
            || (all_old.len() > 1 && all_old.iter().any(|old| self.implies(old, new)))
            || self.by_parts(old, new)
    }

    fn by_parts(&mut self, old: &str, new: &str) -> bool {
        if let (Some((if_old, then_old, else_old)), Some((if_new, then_new, else_new))) =
            (conditional(old), conditional(new))
            && unwrapped(if_old) == unwrapped(if_new)
        {
            return self.implies(then_old, then_new) && self.implies(else_old, else_new);
        }
        if let (Some(old), Some(new)) = (negated(old), negated(new)) {
            return self.implies(new, old);
        }
        for name in [".all(", ".exists("] {
            if let (Some(old), Some(new)) = (quantified(old, name), quantified(new, name))
                && old.0 == new.0
            {
                return self.implies(old.1, new.1);
            }
        }
        is_looser_bound(old, new) || is_longer_list(old, new)
    }
}

/// Returns the operand of a negation of one operand.
fn negated(text: &str) -> Option<&str> {
    let text = text.strip_prefix('!')?;
    (split(text, "&&").len() == 1 && split(text, "||").len() == 1).then_some(text)
}

fn not(text: &str) -> String {
    match negated(unwrapped(text)) {
        Some(text) => text.to_owned(),
        None => format!("!({text})"),
    }
}

/// Returns expressions of which one must be true.
fn disjuncts(text: &str) -> Vec<String> {
    if let Some((condition, then, otherwise)) = conditional(text) {
        return match (unwrapped(then), unwrapped(otherwise)) {
            (then, "true") => vec![not(condition), then.to_owned()],
            ("true", otherwise) => vec![condition.to_owned(), otherwise.to_owned()],
            _ => vec![text.to_owned()],
        };
    }
    let negated_all = negated(text).map(|text| split(unwrapped(text), "&&")).filter(|parts| parts.len() > 1);
    match negated_all {
        Some(parts) if split(text, "||").len() == 1 => parts.into_iter().map(not).collect(),
        _ => split(text, "||").into_iter().map(str::to_owned).collect(),
    }
}

/// Returns expressions that must all be true.
fn conjuncts(text: &str) -> Vec<String> {
    if conditional(text).is_some() || split(text, "||").len() > 1 {
        return vec![text.to_owned()];
    }
    let negated_any = negated(text).map(|text| split(unwrapped(text), "||")).filter(|parts| parts.len() > 1);
    match negated_any {
        Some(parts) => parts.into_iter().map(not).collect(),
        None => split(text, "&&").into_iter().map(str::to_owned).collect(),
    }
}

/// Splits `list.all(item, condition)` into `list.all(item` and the condition.
fn quantified<'t>(text: &'t str, name: &str) -> Option<(&'t str, &'t str)> {
    let inner = text.strip_suffix(')')?;
    let at = inner.find(name)? + name.len();
    let (item, condition) = split_once(&inner[at..], ",")?;
    Some((&text[..at + item.len()], condition))
}

/// Returns whether two comparisons differ only in their number, and the second is the looser one.
fn is_looser_bound(old: &str, new: &str) -> bool {
    ["<=", ">=", "<", ">"].into_iter().any(|operator| {
        let parts = |text| {
            let (left, right): (&str, &str) = split_once(text, operator)?;
            Some((left.to_owned(), right.parse::<f64>().ok()?))
        };
        match (parts(old), parts(new)) {
            (Some((left, before)), Some((same, after))) if left == same => {
                if operator.starts_with('<') {
                    before <= after
                } else {
                    before >= after
                }
            }
            _ => false,
        }
    })
}

/// Returns whether two texts are `value in [literals]` for one value, and the second list has all literals of the first.
fn is_longer_list(old: &str, new: &str) -> bool {
    let parts = |text: &str| -> Option<(String, Vec<String>)> {
        let (value, literals) = split_once(text, " in[").or_else(|| split_once(text, ")in["))?;
        let literals = literals.strip_suffix(']')?;
        let literals: Vec<String> = split(literals, ",").into_iter().map(literal).collect::<Option<_>>()?;
        Some((value.to_owned(), literals))
    };
    match (parts(old), parts(new)) {
        (Some((left, before)), Some((same, after))) => {
            left == same && before.iter().all(|literal| after.contains(literal))
        }
        _ => false,
    }
}

/// Returns a string literal without escapes in one form of quotes, or a whole number.
fn literal(text: &str) -> Option<String> {
    let quoted = |quote: char| {
        let inner = text.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.contains(['\\', '"', '\''])).then(|| format!("'{inner}'"))
    };
    quoted('"').or_else(|| quoted('\'')).or_else(|| text.parse::<i64>().ok().map(|number| number.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alternative_or_a_missing_condition_makes_a_rule_looser() {
        assert!(implies("a", "a||b"));
        assert!(implies("a&&b", "b"));
        assert!(implies("!has(self.x.y)||self.z", "!has(self.x)||!has(self.x.y)||self.z"));
        assert!(implies("self.all(l,l.p=='H'?has(l.t):true)", "self.all(l,(l.p=='H'&&has(l.t))?has(l.t):true)"));
        assert!(implies("self.size()<=3", "self.size()<=4"));
        assert!(implies("c?a&&b:d", "c?a:d"));
        assert!(implies("!(a||b)", "!a"));
        assert!(implies("!(a&&b)", "!a||!b"));
        assert!(implies("self in['a']||b", r#"self in["b","a"]||b"#));
    }

    #[test]
    fn the_search_ends_where_every_level_has_alternatives() {
        let nested =
            |name: &str| (0..40).fold("x".to_owned(), |text, level| format!("({text}||{name}{level})&&z{level}"));
        assert!(!implies(&nested("a"), &nested("b")));
    }

    #[test]
    fn a_stricter_rule_is_no_implication() {
        assert!(!implies("a||b", "a"));
        assert!(!implies("b", "a&&b"));
        assert!(!implies("self.size()<=4", "self.size()<=3"));
        assert!(!implies("!a", "!(a||b)"));
        assert!(!implies("self.all(x,a)", "self.all(y,a)"));
        assert!(!implies("!a", "!a&&b"));
        assert!(!implies("self in['a','b']", "self in['a']"));
        assert!(!implies("self in['a']", "other in['a','b']"));
        assert!(!implies("!(self in['a'])", "!(self in['a','b'])"));
    }
}
