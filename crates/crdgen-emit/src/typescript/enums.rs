//! Content of `enums.ts`: the known values of every enum, which its open type does not have at run time.

use askama::Template;
use crdgen_model::{Shape, Variant};

use super::jsdoc::{self, JsDoc};
use super::literal;
use crate::HEADER;
use crate::api::{Api, Description};

/// The data of the template.
#[derive(Template)]
#[template(path = "typescript/enums.ts.jinja", escape = "none")]
pub struct Enums {
    header: &'static str,
    enums: Vec<Enum>,
}

struct Enum {
    docs: JsDoc,
    name: String,
    /// Keys, and the values as literals.
    values: Vec<(String, String)>,
}

impl Enums {
    /// Every enum of `types.ts`.
    pub fn new(api: &Api<'_>) -> Self {
        let definitions = api.definitions();
        let enums = definitions.iter().filter_map(|defined| {
            let Shape::Enum(variants) = &defined.def.shape else { return None };
            let docs = Description::of_type(defined.def, jsdoc::prose());
            Some(Enum { docs: JsDoc::top(docs.as_deref()), name: defined.name.clone(), values: values(variants) })
        });
        Self { header: HEADER, enums: enums.collect() }
    }
}

fn values(variants: &[Variant]) -> Vec<(String, String)> {
    variants.iter().map(|variant| (key(variant, variants).to_owned(), literal::string(&variant.wire))).collect()
}

/// The neutral name, but for the two words that only Rust keeps for itself: they stay free among names, so a value that is
/// one of them has it for its own here.
fn key<'a>(variant: &'a Variant, variants: &[Variant]) -> &'a str {
    let word = ["Unknown", "Self"].into_iter().find(|word| variant.wire.eq_ignore_ascii_case(word));
    let Some(word) = word else { return &variant.name };
    match variants.iter().filter(|other| other.wire.eq_ignore_ascii_case(word)).count() {
        1 => word,
        _ => &variant.name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(names: &[(&str, &str)]) -> Vec<String> {
        let variant = |(wire, name): &(&str, &str)| Variant { wire: (*wire).to_owned(), name: (*name).to_owned() };
        values(&names.iter().map(variant).collect::<Vec<_>>()).into_iter().map(|(key, _)| key).collect()
    }

    #[test]
    fn a_word_that_only_rust_reserves_is_a_key() {
        assert_eq!(keys(&[("True", "True"), ("Unknown", "UnknownMixed")]), ["True", "Unknown"]);
        assert_eq!(keys(&[("unknown", "UnknownLower"), ("=~", "EqualTilde")]), ["Unknown", "EqualTilde"]);
        assert_eq!(keys(&[("unknown", "UnknownLower"), ("Unknown", "UnknownMixed")]), ["UnknownLower", "UnknownMixed"]);
    }
}
