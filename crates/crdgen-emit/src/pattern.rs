//! Which of Go's regular expressions mean the same to ECMA-262, the dialect of `pattern` in OpenAPI and JSON Schema.

/// Whether a pattern is valid and means the same in Go's RE2 and in ECMA-262, with and without its `u` flag, as tools use both.
/// In doubt it is not: the server checks the pattern in any case. That `\s` and `.` differ in rare white space is accepted.
pub fn is_portable(pattern: &str) -> bool {
    let valid = |flags: &str| regress::Regex::with_flags(pattern, flags).is_ok();
    means_the_same(pattern) && valid("u") && valid("")
}

/// Constructs that both dialects accept with different meanings, or that other common engines refuse.
fn means_the_same(pattern: &str) -> bool {
    let mut rest = pattern.chars().peekable();
    let mut in_class = false;
    while let Some(c) = rest.next() {
        match (c, in_class) {
            ('\\', _) => match rest.next() {
                // Unicode classes need `u` in ECMA-262; digits are octal in Go and back references elsewhere.
                Some('p' | 'P' | 'x' | '0'..='9') | None => return false,
                Some(_) => {}
            },
            // Flags, names, and what looks around.
            ('(', false) if rest.peek() == Some(&'?') => {
                rest.next();
                if rest.next() != Some(':') {
                    return false;
                }
            }
            ('[', false) => {
                in_class = true;
                rest.next_if_eq(&'^');
                // A literal to Go, the end of an empty class to ECMA-262.
                if rest.peek() == Some(&']') {
                    return false;
                }
            }
            // `[[:alpha:]]`, and what is a set operation elsewhere.
            ('[', true) => return false,
            (']', true) => in_class = false,
            // Two units without the `u` flag.
            ('\u{10000}'.., _) => return false,
            _ => {}
        }
    }
    !in_class
}

#[cfg(test)]
mod tests {
    use super::is_portable;

    #[test]
    fn common_patterns_are_portable() {
        for pattern in ["^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", r"^\d+(\.\d+)?$", "^(?:a|b){1,3}$", r"^[^\s/]+/[\w.-]*$", ""]
        {
            assert!(is_portable(pattern), "{pattern}");
        }
    }

    #[test]
    fn what_only_go_understands_is_not() {
        for pattern in [
            "(?i)abc",
            "^(?i:abc)$",
            "(?P<x>a)",
            "(?<x>a)",
            r"\Aa\z",
            r"\Qa.b\E",
            r"\pL",
            r"\p{Greek}",
            "[[:alpha:]]",
            r"\x{10FFFF}",
            r"\123",
            "[]a]",
            "[^]a]",
            r"\a",
            "a{,2}",
            r"a\_b",
            "[a",
            "a)",
            "\\",
            "😀?",
        ] {
            assert!(!is_portable(pattern), "{pattern}");
        }
    }
}
