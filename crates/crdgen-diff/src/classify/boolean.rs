//! Structure of boolean CEL expressions: operands of operators outside of brackets and string literals.

/// Returns whether the functions of this module understand an expression: it has no comments, and its string literals
/// have one quote on each side and no prefix.
pub(super) fn is_plain(text: &str) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let is_odd_quote = |at: usize, quote: char| {
        let triple: String = [quote; 3].iter().collect();
        text[at..].starts_with(&triple) || text[..at].ends_with(is_word)
    };
    let mut is_plain = true;
    scan(text, |at, _| {
        let rest = &text[at..];
        is_plain &= !rest.starts_with("//");
        if let Some(quote) = rest.chars().next().filter(|letter| matches!(letter, '"' | '\'')) {
            is_plain &= !is_odd_quote(at, quote);
        }
    });
    is_plain
}

/// Removes parentheses around the whole text.
pub(super) fn unwrapped(text: &str) -> &str {
    let mut text = text;
    while let Some(inner) =
        text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).filter(|inner| is_balanced(inner))
    {
        text = inner;
    }
    text
}

/// Returns whether no closing bracket comes before its opening one.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0;
    let mut is_fine = true;
    scan(text, |_, level| {
        depth = level;
        is_fine &= level >= 0;
    });
    is_fine && depth == 0
}

/// Splits a text at the first separator.
pub(super) fn split_once<'t>(text: &'t str, separator: &str) -> Option<(&'t str, &'t str)> {
    let mut found = None;
    scan(text, |at, level| {
        if level == 0 && found.is_none() && text[at..].starts_with(separator) {
            found = Some(at);
        }
    });
    found.map(|at| (&text[..at], &text[at + separator.len()..]))
}

/// Splits a text at every separator.
pub(super) fn split<'t>(text: &'t str, separator: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let mut start = 0;
    scan(text, |at, level| {
        if level == 0 && at >= start && text[at..].starts_with(separator) {
            parts.push(&text[start..at]);
            start = at + separator.len();
        }
    });
    parts.push(&text[start..]);
    parts
}

/// Splits `condition ? then : otherwise`.
pub(super) fn conditional(text: &str) -> Option<(&str, &str, &str)> {
    let (condition, rest) = split_once(text, "?")?;
    // The branches may be conditional themselves.
    let mut open = 0;
    let mut found = None;
    scan(rest, |at, level| {
        if level == 0 && found.is_none() {
            match rest.as_bytes()[at] {
                b'?' => open += 1,
                b':' if open == 0 => found = Some(at),
                b':' => open -= 1,
                _ => {}
            }
        }
    });
    found.map(|at| (condition, &rest[..at], &rest[at + 1..]))
}

/// Visits the characters outside of string literals, with the depth of brackets after each.
fn scan(text: &str, mut visit: impl FnMut(usize, i32)) {
    let mut level = 0;
    let mut quote = None;
    let mut is_escaped = false;
    for (at, letter) in text.char_indices() {
        match quote {
            Some(_) if is_escaped => is_escaped = false,
            Some(_) if letter == '\\' => is_escaped = true,
            Some(end) if letter == end => quote = None,
            Some(_) => {}
            None => {
                match letter {
                    '"' | '\'' => quote = Some(letter),
                    '(' | '[' | '{' => level += 1,
                    ')' | ']' | '}' => level -= 1,
                    _ => {}
                }
                visit(at, level);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_other_forms_of_strings_are_not_understood() {
        assert!(is_plain("self.url.startsWith('https://')&&a==\"b'\""));
        assert!(!is_plain("a//||b"));
        assert!(!is_plain(r"a==r'\'||b"));
        assert!(!is_plain("a=='''x'y'''"));
    }

    #[test]
    fn parentheses_around_the_whole_text_are_removed() {
        assert_eq!(unwrapped("((a))"), "a");
        assert_eq!(unwrapped("(a)||(b)"), "(a)||(b)");
    }

    #[test]
    fn operators_in_brackets_and_in_texts_do_not_count() {
        assert_eq!(split(r#"a=='x||\'||y'||(b||c)||d=="'||""#, "||"), [r"a=='x||\'||y'", "(b||c)", r#"d=="'||""#]);
    }
}
