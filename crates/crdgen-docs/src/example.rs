//! Examples as YAML.

use serde_json::Value as Json;

/// Returns an object as YAML. Text with invisible characters gives JSON, which is YAML too and escapes them.
pub(crate) fn yaml(object: &Json) -> String {
    let yaml = serde_yaml::to_string(object).unwrap_or_default();
    let is_invisible = |letter: char| letter.is_control() && letter != '\n' || matches!(letter, '\u{200e}'..='\u{206f}' | '\u{feff}');
    if yaml.is_empty() || yaml.contains(is_invisible) {
        let json = serde_json::to_string_pretty(object).unwrap_or_default();
        return json.chars().map(|letter| match is_invisible(letter) {
            true => format!("\\u{:04x}", u32::from(letter)),
            false => letter.to_string(),
        }).collect::<String>() + "\n";
    }
    yaml
}
