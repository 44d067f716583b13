//! Syntax checks of Kubernetes names.

/// Returns whether `name` is an RFC 1035 label.
pub fn is_label(name: &str) -> bool {
    name.len() <= 63 && name.starts_with(|first: char| first.is_ascii_lowercase()) && is_part(name)
}

/// Returns whether `name` is an RFC 1123 subdomain.
pub fn is_subdomain(name: &str) -> bool {
    name.len() <= 253 && is_dotted(name)
}

/// Returns whether `name` is an RFC 1123 label.
pub fn is_part_of_subdomain(name: &str) -> bool {
    name.len() <= 63 && is_part(name)
}

/// Returns whether `name` has the syntax of a qualified name after its prefix (key of a label or an annotation,
/// finalizer) or of a non-empty label value. The length is not checked.
pub fn is_qualified(name: &str) -> bool {
    let is_alphanumeric = |byte: u8| byte.is_ascii_alphanumeric();
    name.bytes().all(|byte| is_alphanumeric(byte) || matches!(byte, b'-' | b'_' | b'.'))
        && name.bytes().next().is_some_and(is_alphanumeric)
        && name.bytes().last().is_some_and(is_alphanumeric)
}

/// Returns whether `name` consists of parts of letters, digits and `-` between dots. The length is not checked.
pub fn is_dotted(name: &str) -> bool {
    name.split('.').all(is_part)
}

fn is_part(part: &str) -> bool {
    let is_alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    part.bytes().all(|byte| is_alphanumeric(byte) || byte == b'-')
        && part.bytes().next().is_some_and(is_alphanumeric)
        && part.bytes().last().is_some_and(is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_start_with_a_letter() {
        assert!(["a", "v1beta1", "a-b", &"a".repeat(63)].into_iter().all(is_label));
        assert!(!["", "1a", "a-", "-a", "A", "a.b", "a_b", "é", &"a".repeat(64)].into_iter().any(is_label));
    }

    #[test]
    fn subdomains_are_parts_between_dots() {
        assert!(["a", "1.b", "stable.example.com"].into_iter().all(is_subdomain));
        assert!(!["", "a..b", ".a", "a.", "a.B", "a.-b", &"a".repeat(254)].into_iter().any(is_subdomain));
    }
}
