//! Grammars of names, and of the texts in `metadata`, as apimachinery has them for custom resources. The keys of labels and
//! annotations have one too, for which OpenAPI 3.0 has no words.

use crdgen_model::Bounds;

/// `IsDNS1123Subdomain`.
const SUBDOMAIN: &str = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const SUBDOMAIN_LENGTH: i64 = 253;

/// `NameIsDNSSubdomain`.
pub fn name() -> Bounds {
    pattern(format!("^{SUBDOMAIN}$"), SUBDOMAIN_LENGTH)
}

/// A namespace, which is one label of a domain (`IsDNS1123Label`).
pub fn namespace() -> Bounds {
    pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$".to_owned(), 63)
}

/// The beginning of a name: the characters that the server adds may follow dashes. Empty is as good as absent.
pub(super) fn generate_name() -> Bounds {
    pattern(format!("^({SUBDOMAIN}-*)?$"), SUBDOMAIN_LENGTH)
}

/// `IsQualifiedName`: 63 characters, and a domain before them.
pub(super) fn finalizer() -> Bounds {
    let qualified = format!("^({SUBDOMAIN}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{{0,61}}[A-Za-z0-9])?$");
    pattern(qualified, SUBDOMAIN_LENGTH + 1 + 63)
}

/// `IsValidLabelValue`.
pub(super) fn label_value() -> Bounds {
    pattern("^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$".to_owned(), 63)
}

/// Something must be said.
pub(super) fn not_empty() -> Bounds {
    Bounds { min_length: Some(1), ..Bounds::default() }
}

fn pattern(pattern: String, max_length: i64) -> Bounds {
    Bounds { pattern: Some(pattern), max_length: Some(max_length), ..Bounds::default() }
}
