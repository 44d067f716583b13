//! Names of an enum's values for generators of clients: `x-enum-varnames`.

use std::collections::BTreeSet;

use crdgen_model::Variant;

/// Names that are no identifiers in some language, as written: those of Python, Swift and Rust. The reserved words of all
/// others begin with a small letter, which no name does.
const RESERVED: [&str; 7] = ["Any", "False", "None", "Protocol", "Self", "True", "Type"];

/// Returns a name for each value; none when generators make good names of the values themselves.
///
/// Generators take these names as they are. So each is an identifier in every language, and no two are the same ignoring
/// case.
pub fn varnames(variants: &[Variant]) -> Option<Vec<String>> {
    if speak_for_themselves(variants) {
        return None;
    }
    let is_reserved = |name: &str| RESERVED.contains(&name);
    let mut taken: BTreeSet<String> =
        variants.iter().filter(|variant| !is_reserved(&variant.name)).map(|variant| folded(&variant.name)).collect();
    let name = |variant: &Variant| {
        let mut name = variant.name.clone();
        while is_reserved(&name) || (is_reserved(&variant.name) && !taken.insert(folded(&name))) {
            name.push_str("Value");
        }
        name
    };
    Some(variants.iter().map(name).collect())
}

/// Whether every value is an identifier, and no two of them become one in another style of writing.
fn speak_for_themselves(variants: &[Variant]) -> bool {
    let is_identifier = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let different: BTreeSet<_> = variants.iter().map(|variant| folded(&variant.wire)).collect();
    different.len() == variants.len() && variants.iter().all(|variant| is_identifier(&variant.wire))
}

/// A name without its style of writing: `maxSize`, `max_size` and `MAX_SIZE` are one.
fn folded(name: &str) -> String {
    name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(values: &[(&str, &str)]) -> Option<Vec<String>> {
        let variant = |(wire, name): &(&str, &str)| Variant { wire: (*wire).to_owned(), name: (*name).to_owned() };
        varnames(&values.iter().map(variant).collect::<Vec<_>>())
    }

    #[test]
    fn values_that_are_names_in_every_style_need_no_others() {
        assert_eq!(names(&[("Always", "Always"), ("never", "Never"), ("IF_ABSENT", "IfAbsent")]), None);
        // Generators know the words of their languages.
        assert_eq!(names(&[("none", "None"), ("class", "Class"), ("True", "True")]), None);
    }

    #[test]
    fn values_that_are_no_names_or_fall_together_get_names() {
        for values in [
            [("", "Empty"), ("=~", "EqualTilde")],
            [("1x", "N1x"), ("a", "A")],
            [("True", "True"), ("true", "TrueLower")],
            [("a_b", "AB"), ("aB", "ABCamel")],
            [("_a", "UnderscoreA"), ("b", "B")],
            [("__", "UnderscoreUnderscore"), ("b", "B")],
        ] {
            assert!(names(&values).is_some(), "{values:?}");
        }
    }

    #[test]
    fn a_word_of_a_language_gets_another_word() {
        let values = [("none", "None"), ("*", "Asterisk"), ("none-value", "NoneValue"), ("class", "Class")];
        let expected = ["NoneValueValue", "Asterisk", "NoneValue", "Class"].map(str::to_owned);
        assert_eq!(names(&values), Some(expected.to_vec()));
    }
}
