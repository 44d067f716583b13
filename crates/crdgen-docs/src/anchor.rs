//! Anchors of fields: the part of an address behind `#`.

/// Returns the anchor of a field: its path with dots, without levels of lists and maps. Characters that have a meaning
/// in an address are written as `~` and two hexadecimal digits for each byte.
///
/// # Examples
///
/// ```
/// assert_eq!(crdgen_docs::anchor(["spec", "containers", "name"]), "spec.containers.name");
/// assert_eq!(crdgen_docs::anchor(["data", "ca.crt"]), "data.ca~2Ecrt");
/// ```
pub fn anchor<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut anchor = String::new();
    for name in names {
        push(&mut anchor, name);
    }
    anchor
}

/// Adds the name of a field below.
pub(crate) fn push(anchor: &mut String, name: &str) {
    if !anchor.is_empty() {
        anchor.push('.');
    }
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => anchor.push(char::from(byte)),
            _ => anchor.push_str(&format!("~{byte:02X}")),
        }
    }
}

/// Returns the anchor of a path that begins with the kind: `Boat.spec.crew[].name`.
pub(crate) fn of_model_path(path: &str) -> String {
    let below = path.split_once('.').map_or("", |(_, below)| below);
    anchor(below.split('.').map(|name| name.trim_end_matches(['[', ']', '{', '}'])))
}
