//! Documentation comments that no text can leave.

use std::fmt;

use crate::invisible::is_invisible;

/// A JSDoc comment on lines of its own; nothing when there is nothing to say.
#[derive(Debug, Default)]
pub struct JsDoc {
    indent: &'static str,
    lines: Vec<String>,
}

impl JsDoc {
    /// A comment before a declaration.
    pub fn top(text: Option<&str>) -> Self {
        Self { indent: "", lines: lines(text.unwrap_or_default()) }
    }

    /// A comment before a member.
    pub fn member(text: Option<&str>) -> Self {
        Self { indent: "  ", ..Self::top(text) }
    }
}

impl fmt::Display for JsDoc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indent = self.indent;
        match self.lines.as_slice() {
            [] => Ok(()),
            [line] => writeln!(f, "{indent}/** {line} */"),
            lines => {
                writeln!(f, "{indent}/**")?;
                for line in lines {
                    writeln!(f, "{}", format_args!("{indent} * {line}").to_string().trim_end())?;
                }
                writeln!(f, "{indent} */")
            }
        }
    }
}

/// The lines of a text as a comment may hold them.
fn lines(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}', '\u{b}', '\u{c}'], "\n");
    let text = text.replace("*/", "*\\/");
    text.trim().lines().map(|line| line.trim_end().chars().flat_map(visible).collect()).collect()
}

/// What would be shown as other than it is, is spelled out.
fn visible(c: char) -> impl Iterator<Item = char> {
    let (kept, spelled) = if is_invisible(c) { (None, Some(c.escape_unicode())) } else { (Some(c), None) };
    kept.into_iter().chain(spelled.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_the_comment() {
        for text in ["a */ b", "*/*/", "*\u{0}/", "a *\n/ b", "*"] {
            let comment = JsDoc::top(Some(text)).to_string();
            assert_eq!(comment.find("*/"), comment.trim_end().len().checked_sub(2), "{comment}");
        }
    }

    #[test]
    fn every_line_end_is_one() {
        let comment = JsDoc::member(Some("a\r\nb\rc\u{2028}d\n\ne")).to_string();
        assert_eq!(comment, "  /**\n   * a\n   * b\n   * c\n   * d\n   *\n   * e\n   */\n");
    }

    #[test]
    fn text_is_shown_in_the_order_it_has() {
        assert_eq!(JsDoc::top(Some("a\u{202e}b")).to_string(), "/** a\\u{202e}b */\n");
    }
}
