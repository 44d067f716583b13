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
    if json.bytes().all(is_visible) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len());
    let mut copied = 0;
    for (at, c) in json.char_indices().filter(|(_, c)| is_invisible(*c)) {
        escaped.push_str(&json[copied..at]);
        escaped.push_str(&format!("\\u{:04x}", u32::from(c)));
        copied = at + c.len_utf8();
    }
    escaped + &json[copied..]
}

/// Returns whether no invisible character begins with this byte.
pub fn is_visible(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b' '..=b'~')
}
