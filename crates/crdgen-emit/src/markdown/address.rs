//! Plain text with addresses of web pages. Many descriptions end with one, and they need no parser.

use super::Dialect;
use super::clean::{begins_plain, is_plain_line, is_plain_text};
use super::url;

/// Returns clean text as harmless Markdown if it is plain but for addresses, and `None` for any other text.
pub fn plain(text: &str, dialect: Dialect) -> Option<String> {
    if text.contains("\n\n\n") {
        return None;
    }
    let mut out = String::with_capacity(text.len() + 8);
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        match line.contains("://") {
            true => add_line(line, dialect, &mut out)?,
            false => {
                is_plain_line(line).then_some(())?;
                out.push_str(line);
            }
        }
    }
    Some(out)
}

/// Adds a line with addresses, or returns `None` if it has anything else that is not plain.
fn add_line(line: &str, dialect: Dialect, out: &mut String) -> Option<()> {
    let is_plain = |text: &str| is_plain_text(text) && !text.contains("://");
    begins_plain(line).then_some(())?;
    let mut rest = line;
    while let Some(start) = url::next(rest) {
        let (before, from) = rest.split_at(start);
        let address = url::bare(from);
        let stands_apart = before.ends_with([' ', '(']) || start == 0 && rest.len() == line.len();
        (stands_apart && is_plain(before) && is_plain_address(address)).then_some(())?;
        out.push_str(before);
        match dialect {
            // rustdoc warns about bare addresses.
            Dialect::Rustdoc => out.extend(["<", address, ">"]),
            Dialect::OpenApi | Dialect::JsDoc => out.push_str(address),
        }
        rest = &from[address.len()..];
    }
    is_plain(rest).then(|| out.push_str(rest))
}

/// Returns whether no character of an address has a meaning in any Markdown dialect.
fn is_plain_address(address: &str) -> bool {
    is_plain_text(address) && address.is_ascii() && address.matches("://").count() == 1
}
