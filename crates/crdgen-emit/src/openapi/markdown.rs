//! Descriptions are Markdown, and pages show them: text of a CRD must bring no HTML and no link that runs code. Generators
//! write them into comments, and not all see to it that a comment goes on to its end.

/// The same text without HTML, with links to the web only, and without what ends a comment. Inside of code the backslash shows; nothing is decided by what
/// may be code, as renderers disagree.
pub fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let opens = match c {
            '<' => rest.starts_with(|next: char| next.is_ascii_alphabetic() || "/!?".contains(next)),
            ']' => target(rest).is_some_and(|target| !leads_to_the_web(target)),
            '/' => text[..at].ends_with('*'),
            _ => false,
        };
        if opens {
            safe.push('\\');
        }
        safe.push(c);
    }
    safe
}

/// Where a link leads that ends its text here: `](target)`, or `]: target` of a definition.
fn target(rest: &str) -> Option<&str> {
    rest.strip_prefix(['(', ':']).map(str::trim_start)
}

/// Whether a target is a web page or has no scheme that could be another.
fn leads_to_the_web(target: &str) -> bool {
    let target = target.split(|c: char| c.is_whitespace() || c == ')').next().unwrap_or_default();
    let has_scheme = target.contains([':', '&', '\\', '<']);
    !has_scheme || ["http://", "https://", "mailto:"].iter().any(|scheme| target.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn html_is_text() {
        assert_eq!(safe("<script>x</script><!-- -->"), "\\<script>x\\</script>\\<!-- -->");
        assert_eq!(safe("1 < 2, <3 and `a<b>`"), "1 < 2, <3 and `a\\<b>`");
    }

    #[test]
    fn comments_go_on() {
        assert_eq!(safe("`*/15 * * * *` /* a */"), "`*\\/15 * * * *` /* a *\\/");
    }

    #[test]
    fn links_lead_to_the_web() {
        for kept in ["[a](https://a.b/c)", "[a](#b)", "[a](b/c.md)", "a[0]: b", "[a]: http://b"] {
            assert_eq!(safe(kept), kept);
        }
        assert_eq!(safe("[a](javascript:b)"), "[a\\](javascript:b)");
        assert_eq!(safe("[a]( &#106;avascript:b)"), "[a\\]( &#106;avascript:b)");
        assert_eq!(safe("[a]: JavaScript:b"), "[a\\]: JavaScript:b");
    }
}
