//! Layout of lines of Rust, as rustfmt leaves them.

/// Longest line that rustfmt leaves alone by default.
pub(super) const WIDTH: usize = 100;

/// Returns a string constant as rustfmt writes it.
pub(super) fn constant(name: &str, text: &str) -> String {
    let line = format!("const {name}: &str = {text:?};");
    match line.len() > WIDTH {
        true => format!("const {name}: &str =\n    {text:?};"),
        false => line,
    }
}
