//! The indefinite article before a kind.

/// Returns the article that the name of a type takes when it is spoken: `a` or `an`.
pub fn article(name: &str) -> &'static str {
    let word = first_word(name);
    let sounds = if is_spelled(word) { letter_begins_with_vowel(word) } else { word_begins_with_vowel(word) };
    if sounds { "an" } else { "a" }
}

/// Puts the article before a name.
pub fn with_article(name: &str) -> String {
    format!("{} {name}", article(name))
}

/// Puts the article before a name in backticks.
pub fn with_article_in_code(name: &str) -> String {
    format!("{} `{name}`", article(name))
}

/// Returns the first word of a name in camel case: `HTTP` of `HTTPRoute`, `User` of `UserGroup`.
fn first_word(name: &str) -> &str {
    let upper = name.bytes().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).count();
    let is_lower = |byte: u8| !byte.is_ascii_uppercase();
    let end = match name.as_bytes().get(upper) {
        None => upper,
        Some(_) if upper > 1 => upper - 1,
        Some(_) => name.bytes().skip(upper).position(|byte| !is_lower(byte)).map_or(name.len(), |at| upper + at),
    };
    name.get(..end).unwrap_or(name)
}

/// Whether a word is read letter by letter, as `HTTP` and `Sql` are, and `SAML` is not.
fn is_spelled(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let is_acronym = !word.bytes().any(|byte| byte.is_ascii_lowercase());
    let is_vowel = |byte: &u8| b"aeiouy".contains(byte);
    let vowels: Vec<bool> = lower.bytes().map(|byte| is_vowel(&byte)).collect();
    match vowels.as_slice() {
        [] => false,
        _ if !vowels.contains(&true) || begins_unspeakably(&lower) => true,
        // `NAT` and `SIM` are words, `API` and `SLO` are not.
        letters if is_acronym => match letters.len() {
            1 | 2 => true,
            3 => letters != [false, true, false],
            _ => false,
        },
        _ => false,
    }
}

/// Whether no English word begins with these two letters: `ld` of `LDAP`, `ng` of `Nginx`.
fn begins_unspeakably(lower: &str) -> bool {
    let follows: &[u8] = match lower.bytes().next() {
        Some(b'f') => b"aeiouylr",
        Some(b'h' | b'x') => b"aeiouy",
        Some(b'l') => b"aeiouyl",
        Some(b'm') => b"aeiouyn",
        Some(b'n') => b"aeiouy",
        Some(b'r') => b"aeiouyh",
        Some(b's') => b"aeiouycfhklmnpqtvw",
        _ => return false,
    };
    lower.as_bytes().get(1).is_some_and(|second| !follows.contains(second))
}

fn letter_begins_with_vowel(word: &str) -> bool {
    word.starts_with(|letter: char| "AEFHILMNORSX".contains(letter.to_ascii_uppercase()))
}

/// Beginnings that are written with a vowel and spoken as `you` or `one`.
const CONSONANTS: [&str; 23] = [
    "eu", "once", "one", "ubiq", "udp", "uid", "unic", "unif", "unio", "uniq", "unis", "unit", "univ", "ura", "uri",
    "url", "usa", "usb", "use", "usu", "utc", "uti", "uui",
];

/// Beginnings with an `h` that is not spoken.
const SILENT: [&str; 4] = ["heir", "honest", "honor", "hour"];

fn word_begins_with_vowel(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| lower.starts_with(beginning));
    begins(&SILENT) || (lower.starts_with(['a', 'e', 'i', 'o', 'u']) && lower != "ui" && !begins(&CONSONANTS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_take_the_article_that_is_spoken() {
        for name in
            ["Issuer", "AuthorizationPolicy", "EnvoyFilter", "Order", "Upload", "Unidler", "Uninstall", "HourlyReport"]
        {
            assert_eq!(article(name), "an", "{name}");
        }
        for name in [
            "User",
            "Unit",
            "UniqueName",
            "Utilization",
            "EuropeanRegion",
            "OneAgent",
            "UserGroup",
            "Widget",
            "HorizontalScaler",
            "RoleBinding",
            "MnemonicStore",
            "LlamaServer",
            "FlinkDeployment",
            "SnapshotClass",
            "MySQL",
            "Yak",
            "UrlMap",
            "UuidPool",
        ] {
            assert_eq!(article(name), "a", "{name}");
        }
    }

    #[test]
    fn acronyms_are_read_letter_by_letter_unless_they_are_words() {
        for name in [
            "HTTPRoute",
            "SSLCert",
            "S3Bucket",
            "XListenerSet",
            "IAMRole",
            "API",
            "LDAPSource",
            "RBACConfig",
            "NGINXProxy",
            "Nginx",
            "HttpRoute",
            "SqlInstance",
            "SLO",
            "HAProxy",
            "RDS",
            "AMQPQueue",
            "EKSCluster",
            "MX",
            "NVMe",
            "FTPServer",
        ] {
            assert_eq!(article(name), "an", "{name}");
        }
        for name in [
            "UDPRoute",
            "URL",
            "UI",
            "UiPlugin",
            "UUID",
            "TLSRoute",
            "GRPCRoute",
            "VPC",
            "DNSRecord",
            "SAMLProvider",
            "NATGateway",
            "RESTMapping",
            "SIMCard",
            "KService",
            "VM",
            "TcpRoute",
            "Dns",
        ] {
            assert_eq!(article(name), "a", "{name}");
        }
    }

    #[test]
    fn any_text_has_an_article() {
        for name in ["", "3scale", "ä", "aÄ", "Äa"] {
            assert_eq!(with_article(name), format!("{} {name}", article(name)));
        }
    }
}
