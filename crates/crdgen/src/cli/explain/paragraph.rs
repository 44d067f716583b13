//! Paragraph of an explanation in a terminal.

/// Maximum number of columns of an explanation.
const WIDTH: usize = 100;

/// Returns a text in lines of at most [`WIDTH`] columns. A longer word has a line of its own.
pub(super) fn wrapped(text: &str) -> String {
    let mut lines = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if column > 0 {
            let fits = column + 1 + width <= WIDTH;
            lines.push(if fits { ' ' } else { '\n' });
            column = if fits { column + 1 } else { 0 };
        }
        lines.push_str(word);
        column += width;
    }
    lines
}
