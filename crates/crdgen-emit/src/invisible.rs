//! Characters that make text look different from what it is. They end a line for some tools, or change the
//! order in which text is shown.

/// Returns whether a character must not be in generated text unescaped. Line feeds and tabs are allowed.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// Escapes these characters in JSON text, where they can only be in strings. Readers of YAML need the escapes
/// too.
pub fn escape_json(json: String) -> String {
    let Some(first) = conspicuous(json.as_bytes()) else { return json };
    let mut escaped = String::with_capacity(json.len() + json.len() / 16);
    let (mut copied, mut at) = (0, first);
    while let Some(c) = json[at..].chars().next() {
        if is_invisible(c) {
            escaped.push_str(&json[copied..at]);
            escaped.push_str(&format!("\\u{:04x}", u32::from(c)));
            copied = at + c.len_utf8();
        }
        at += c.len_utf8();
        at += conspicuous(&json.as_bytes()[at..]).unwrap_or(json.len() - at);
    }
    escaped + &json[copied..]
}

/// Returns the offset of the first byte with which an invisible character may begin.
fn conspicuous(bytes: &[u8]) -> Option<usize> {
    /// Bytes that are looked at together. Without an early exit, the loop over them is vectorised.
    const TOGETHER: usize = 64;
    let mut start = 0;
    for part in bytes.chunks(TOGETHER) {
        if part.iter().fold(false, |found, byte| found | !is_visible(*byte)) {
            return part.iter().position(|byte| !is_visible(*byte)).map(|at| start + at);
        }
        start += part.len();
    }
    None
}

/// Returns whether no invisible character begins with this byte.
pub fn is_visible(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b' '..=b'~')
}
