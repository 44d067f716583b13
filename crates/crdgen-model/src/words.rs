//! Words of type names, made from names in a CRD.
//!
//! Every result is ASCII, is empty or starts with a letter, and depends only on the input.

mod regular;

use std::collections::{BTreeMap, BTreeSet};

/// Returns a text in upper camel case with inner capitals kept: `http-code` -> `HttpCode`, `podIPs` -> `PodIPs`,
/// `BGPPolicy` -> `BGPPolicy`. A text without letters or digits is spelled out (`=~` -> `EqualTilde`). A leading digit
/// is preceded by `N`.
pub fn upper_camel(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let joined: String = words.map(capitalized).collect();
    startable(if joined.is_empty() { spelled(text) } else { joined })
}

/// Returns the singular of an upper camel case word, for the items of a list or the values of a map.
pub fn singular(word: &str) -> String {
    let start = last_word(word);
    let last = &word[start..];
    // Short words and acronyms (`TLS`, `DNS`, `AWS`) are not plurals; `pluralizer` does not know them.
    if last.len() < 4 || last.chars().skip(1).all(|c| !c.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let many = last.to_ascii_lowercase();
    let single = match regular::singular(&many) {
        Some(single) => single.into_owned(),
        None => pluralizer::pluralize(&many, 1, false),
    };
    if single.is_empty() || !single.chars().all(|c| c.is_ascii_alphanumeric()) {
        return word.to_owned();
    }
    format!("{}{}", &word[..start], capitalized(&single))
}

/// Returns the plural of an upper camel case word.
pub fn plural(word: &str) -> String {
    let start = last_word(word);
    let many = pluralizer::pluralize(&word[start..].to_ascii_lowercase(), 2, false);
    format!("{}{}", &word[..start], capitalized(&many))
}

/// Returns the beginning of a word of more than 26 letters, up to one of its capitals. The result does not end in a
/// digit, which would look like a number that tells two names apart. A shorter word, or one without a suitable capital,
/// is returned whole.
pub fn cut(word: &str) -> &str {
    let ends = |at: usize| word.as_bytes()[at].is_ascii_uppercase() && !word.as_bytes()[at - 1].is_ascii_digit();
    match (8..=26.min(word.len())).rev().find(|&at| at == word.len() || ends(at)) {
        Some(end) if word.len() > 26 => &word[..end],
        _ => word,
    }
}

/// Returns the longest common end of two upper camel case words that consists of whole words in both.
pub fn common_end<'a>(one: &'a str, other: &str) -> Option<&'a str> {
    let starts_word = |at: &usize| one.as_bytes()[*at].is_ascii_uppercase();
    let ends = (0..one.len()).filter(starts_word).map(|at| &one[at..]);
    let whole_in_other = |end: &&str| other.strip_suffix(*end).is_some_and(|rest| !rest.ends_with(char::is_uppercase));
    ends.into_iter().find(whole_in_other)
}

/// Returns names for the values of an enum, in their order: upper camel case, unique ignoring case, never one of
/// `reserved`.
///
/// Values with equal names are told apart by their differences, never by a number. First the value that is spelled like
/// its name keeps it. Then symbols are spelled out. Then the style of writing is added (`true` beside `True` ->
/// `TrueLower`).
pub fn variant_names(values: &[&str], reserved: &[&str]) -> Vec<String> {
    let attempts: [fn(&str) -> String; 4] = [variant_plain, variant_spelled, variant_styled, exact];
    let mut names: Vec<Option<String>> = vec![None; values.len()];
    let mut taken: BTreeSet<String> = reserved.iter().map(|name| name.to_ascii_lowercase()).collect();
    for attempt in attempts {
        let mut claims: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
        for (index, value) in values.iter().enumerate().filter(|(index, _)| names[*index].is_none()) {
            let name = attempt(value);
            claims.entry(name.to_ascii_lowercase()).or_default().push((index, name));
        }
        for (key, claimants) in claims {
            if taken.contains(&key) {
                continue;
            }
            let winner = match claimants.as_slice() {
                [only] => Some(only),
                several => several.iter().find(|(index, name)| values[*index] == name),
            };
            if let Some((index, name)) = winner {
                names[*index] = Some(name.clone());
                taken.insert(key);
            }
        }
    }
    // Values that are left over differ in their exact names, which are reserved or names of other values.
    let mut last_resort = |value: &str| {
        let mut name = exact(value);
        while !taken.insert(name.to_ascii_lowercase()) {
            name.push_str("Value");
        }
        name
    };
    names.into_iter().zip(values).map(|(name, value)| name.unwrap_or_else(|| last_resort(value))).collect()
}

fn variant_plain(value: &str) -> String {
    if value.is_empty() {
        return "Empty".to_owned();
    }
    let words = value.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let joined: String = words.map(variant_word).collect();
    startable(if joined.is_empty() { spelled(value) } else { joined })
}

fn variant_spelled(value: &str) -> String {
    startable(spelled(value))
}

fn variant_styled(value: &str) -> String {
    let letters = || value.chars().filter(char::is_ascii_alphabetic);
    let style = if letters().all(|c| c.is_ascii_lowercase()) {
        "Lower"
    } else if letters().all(|c| c.is_ascii_uppercase()) {
        "Upper"
    } else if value.starts_with(|c: char| c.is_ascii_lowercase()) {
        "Camel"
    } else {
        "Mixed"
    };
    format!("{}{style}", variant_spelled(value))
}

/// Returns a name that no other text has, ignoring case. Lower-case letters except `x`, and digits, stand for
/// themselves. `X` begins everything else: `Xa` is `A`, `X0x` is `x`, `X1x` is `X`, and `X2`, a word without `x` and `X`
/// are any other character.
pub fn exact(text: &str) -> String {
    let mut name = "Exactly".to_owned();
    for c in text.chars() {
        match c {
            'x' => name.push_str("X0x"),
            'X' => name.push_str("X1x"),
            'a'..='z' | '0'..='9' => name.push(c),
            'A'..='Z' => name.extend(['X', c.to_ascii_lowercase()]),
            other => name.extend(["X2", &spelled(other.encode_utf8(&mut [0; 4])), "X"]),
        }
    }
    name
}

/// Returns a word of a variant's name: `RUNNING` -> `Running`, `IPv4` -> `IPv4`, `5xx` -> `5xx`.
fn variant_word(word: &str) -> String {
    let shouting = word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    if shouting && word.len() > 4 { capitalized(&word.to_ascii_lowercase()) } else { capitalized(word) }
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}

fn startable(name: String) -> String {
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) { name } else { format!("N{name}") }
}

/// Returns a text with its letters and digits kept and every other character spelled out: `x-y` -> `XMinusY`.
pub fn spelled(text: &str) -> String {
    let mut out = String::new();
    let mut word_starts = true;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(if word_starts { c.to_ascii_uppercase() } else { c });
            word_starts = false;
            continue;
        }
        word_starts = true;
        match symbol(c) {
            Some(name) => out.push_str(name),
            None => out.extend(format!("U{:X}", u32::from(c)).chars()),
        }
    }
    if out.is_empty() { "Empty".to_owned() } else { out }
}

fn symbol(c: char) -> Option<&'static str> {
    Some(match c {
        ' ' => "Space",
        '!' => "Not",
        '"' => "Quote",
        '#' => "Hash",
        '$' => "Dollar",
        '%' => "Percent",
        '&' => "And",
        '\'' => "Apostrophe",
        '(' => "Open",
        ')' => "Close",
        '*' => "Star",
        '+' => "Plus",
        ',' => "Comma",
        '-' => "Minus",
        '.' => "Dot",
        '/' => "Slash",
        ':' => "Colon",
        ';' => "Semicolon",
        '<' => "Less",
        '=' => "Equal",
        '>' => "Greater",
        '?' => "Question",
        '@' => "At",
        '[' => "OpenBracket",
        '\\' => "Backslash",
        ']' => "CloseBracket",
        '^' => "Caret",
        '_' => "Underscore",
        '`' => "Backtick",
        '{' => "OpenBrace",
        '|' => "Pipe",
        '}' => "CloseBrace",
        '~' => "Tilde",
        _ => return None,
    })
}

fn last_word(word: &str) -> usize {
    let bytes = word.as_bytes();
    (1..bytes.len()).rev().find(|&i| bytes[i].is_ascii_uppercase() && bytes[i - 1].is_ascii_lowercase()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn camel_case_keeps_inner_capitals() {
        assert_eq!(upper_camel("http-code"), "HttpCode");
        assert_eq!(upper_camel("podIPs"), "PodIPs");
        assert_eq!(upper_camel("BGPPolicy"), "BGPPolicy");
        assert_eq!(upper_camel("postgresql"), "Postgresql");
        assert_eq!(upper_camel("3scale"), "N3scale");
        assert_eq!(upper_camel("-"), "Minus");
    }

    #[test]
    fn a_long_word_is_cut_where_a_word_in_it_ends() {
        assert_eq!(cut("RequiredDuringSchedulingIgnoredDuringExecution"), "RequiredDuringScheduling");
        assert_eq!(cut("PreferredDuringSchedulingIgnoredDuringExecution"), "PreferredDuringScheduling");
        assert_eq!(cut("Container"), "Container");
        assert_eq!(cut("VirtualDiskRawDiskVer2BackingOption"), "VirtualDiskRawDisk");
        assert_eq!(cut("alllowercaseandveryveryverylong"), "alllowercaseandveryveryverylong");
    }

    #[test]
    fn a_common_end_is_whole_words() {
        assert_eq!(common_end("Container", "InitContainer"), Some("Container"));
        assert_eq!(common_end("LabelSelector", "NamespaceSelector"), Some("Selector"));
        assert_eq!(common_end("Tail", "Cocktail"), None);
        assert_eq!(common_end("ALS", "TLS"), None);
    }

    #[test]
    fn singular_knows_what_is_no_plural() {
        for (many, one) in [
            ("Containers", "Container"),
            ("InitContainers", "InitContainer"),
            ("Policies", "Policy"),
            ("Addresses", "Address"),
            ("Ingress", "Ingress"),
            ("Status", "Status"),
            ("TLS", "TLS"),
            ("ImagePullSecrets", "ImagePullSecret"),
            ("Matches", "Match"),
        ] {
            assert_eq!(singular(many), one);
        }
    }

    #[test]
    fn plural_changes_the_last_word() {
        for (one, many) in [("RunSummary", "RunSummaries"), ("Policy", "Policies"), ("RunStatus", "RunStatuses")] {
            assert_eq!(plural(one), many);
        }
    }

    #[test]
    fn enum_values_get_unique_names_without_numbers_of_ours() {
        assert_eq!(variant_names(&["", "=~", "!=", "*"], &[]), ["Empty", "EqualTilde", "NotEqual", "Star"]);
        assert_eq!(variant_names(&["True", "true", "TRUE"], &[]), ["True", "TrueLower", "TRUEUpper"]);
        assert_eq!(variant_names(&["SIGRTMIN+1", "SIGRTMIN-1"], &[]), ["SIGRTMINPlus1", "SIGRTMINMinus1"]);
        assert_eq!(variant_names(&["Self", "a"], &["Self"]), ["SelfMixed", "A"]);
        assert_eq!(variant_names(&["5xx", "0"], &[]), ["N5xx", "N0"]);
    }

    #[test]
    fn values_that_differ_in_any_way_never_share_a_name() {
        let values = ["foo-bar", "foo_bar", "fooBar", "FooBar", "foo bar", "foobar", "FOOBAR", "fOOBAR", "foo--bar"];
        let names = variant_names(&values, &["Unknown"]);
        let unique: BTreeSet<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        assert_eq!(unique.len(), values.len(), "{names:?}");
    }

    #[test]
    fn exact_names_differ_ignoring_case_when_the_values_differ() {
        let texts = ["A", "xa", "a", "xA", "X", "x", "x0x", "-", "minus", "x2minusx", "\u{2603}5", "\u{26035}"];
        let names: BTreeSet<String> = texts.map(|text| exact(text).to_ascii_lowercase()).into();
        assert_eq!(names.len(), texts.len(), "{names:?}");
    }

    #[test]
    fn values_whose_other_names_are_taken_get_different_names() {
        let capital = ["fA", "fa", "fACamel", "faLower"];
        let marked = ["fxA", "fxa", "fxACamel", "fxaLower"];
        let forged = ["ExactlyfXa", "Exactlyfa"];
        let values = [&capital[..], &marked, &forged].concat();
        let names = variant_names(&values, &[]);
        let unique: BTreeSet<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        assert_eq!(unique.len(), values.len(), "{names:?}");
    }
}
