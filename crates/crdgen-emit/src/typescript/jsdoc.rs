//! Documentation comments. Their text is Markdown that no comment ends in ([`crate::markdown`]).

use std::fmt;

use crate::api::{Docs, Prose};
use crate::markdown::Dialect;

/// A JSDoc comment on lines of its own; nothing when there is nothing to say.
#[derive(Debug, Default)]
pub struct JsDoc {
    indent: &'static str,
    lines: Vec<String>,
}

impl JsDoc {
    /// A comment before a declaration.
    pub fn top(text: Option<&str>) -> Self {
        Self { indent: "", lines: text.unwrap_or_default().trim().lines().map(str::to_owned).collect() }
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

/// Descriptions for comments.
pub fn prose() -> Prose {
    Prose::markdown(Docs::Full, Dialect::JsDoc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_indented_as_what_it_documents() {
        assert_eq!(JsDoc::member(Some("a\n\nb")).to_string(), "  /**\n   * a\n   *\n   * b\n   */\n");
        assert_eq!(JsDoc::top(Some("a")).to_string(), "/** a */\n");
        assert_eq!(JsDoc::top(None).to_string(), "");
    }
}
