//! Singular of words that no rule of `pluralizer` but its most general ones matches.
//!
//! `pluralizer` compiles a hundred regular expressions before it can answer. Most CRDs need none of them.

use std::borrow::Cow;

/// Words with a plural of their own, which look regular.
const IRREGULAR: [&str; 37] = [
    "analytics",
    "athletics",
    "axes",
    "calories",
    "canvas",
    "corps",
    "diabetes",
    "dice",
    "faeries",
    "feet",
    "gallows",
    "geese",
    "have",
    "headquarters",
    "herpes",
    "highjinks",
    "jeans",
    "kudos",
    "measles",
    "mews",
    "news",
    "pickaxes",
    "pliers",
    "quizzes",
    "scissors",
    "series",
    "shambles",
    "teeth",
    "testes",
    "their",
    "them",
    "these",
    "they",
    "thou",
    "those",
    "were",
    "you",
];

/// Returns the singular of a word in lower case, or `None` if a special rule may apply.
pub fn singular(word: &str) -> Option<Cow<'_, str>> {
    let is_lower = word.bytes().all(|byte| byte.is_ascii_lowercase());
    if !is_lower || word.len() < 4 || IRREGULAR.contains(&word) {
        return None;
    }
    let ends = |ends: &[&str]| ends.iter().any(|end| word.ends_with(end));
    if !word.ends_with('s') {
        return (!ends(&["a", "i", "im", "eaux", "en", "ice", "ople"])).then_some(word.into());
    }
    if ends(&["ss", "tus"]) {
        return Some(word.into());
    }
    if ends(&["aliases", "ches", "shes", "sses", "tuses", "xes"]) {
        return word.strip_suffix("es").map(Cow::from);
    }
    if ends(&["amilies", "egies", "encies", "icies", "ities", "ogies", "ories", "oxies", "rties", "tries", "ueries"]) {
        return word.strip_suffix("ies").map(|stem| format!("{stem}y").into());
    }
    let is_regular = match ends(&["es"]) {
        true => {
            let special = ["codices", "murices", "silices", "vertices", "indices", "matrices", "appendices", "zzes"];
            let end = word.as_bytes()[word.len() - 3];
            !matches!(end, b'a' | b'h' | b'i' | b'o' | b's' | b'v' | b'x') && !ends(&special)
        }
        false => {
            let special = ["alias", "gas", "is", "tlas", "tmas", "us", "js", "xs", "zs"];
            !ends(&special)
        }
    };
    if is_regular { word.strip_suffix('s').map(Cow::from) } else { None }
}

#[cfg(test)]
mod tests {
    use super::singular;

    /// Beginnings and ends of words for which `pluralizer` has rules, and ordinary ones.
    const BEGINNINGS: [&str; 26] = [
        "", "ab", "addr", "q", "fam", "al", "anal", "append", "at", "b", "child", "cod", "cont", "dat", "gr", "h",
        "her", "ind", "l", "m", "ne", "pol", "t", "test", "titm", "wo",
    ];
    const ENDS: [&str; 106] = [
        "a", "abels", "ales", "alias", "aliases", "ans", "as", "ases", "axes", "bles", "box", "boxes", "caches", "ces",
        "ch", "ches", "cs", "data", "dges", "dos", "ds", "eaux", "eds", "egies", "encies", "ees", "el", "em", "ements",
        "en", "ena", "ences", "ens", "env", "eries", "ers", "erson", "es", "ese", "ess", "esses", "ey", "eys", "fs",
        "gas", "ges", "goes", "gs", "ice", "ices", "icies", "ies", "amilies", "um", "imes", "ions", "is", "ists",
        "ities", "ives", "key", "kes", "ks", "les", "ls", "mas", "men", "mmes", "nes", "oes", "olves", "ople", "or",
        "os", "ouse", "ogies", "ories", "oxies", "pes", "ren", "res", "rs", "rties", "ses", "shes", "sis", "tas",
        "tes", "ths", "tlas", "tries", "ts", "tus", "tuses", "ueries", "ues", "vs", "rom", "efix", "us", "uses", "ves",
        "ways", "yes", "zes", "zzes",
    ];

    #[test]
    fn it_is_that_of_pluralizer() {
        let words = BEGINNINGS.iter().flat_map(|begin| ENDS.iter().map(move |end| format!("{begin}{end}")));
        let named = super::IRREGULAR.iter().map(|word| (*word).to_owned());
        let (mut fast, mut slow) = (0, 0);
        for word in words.chain(named) {
            match singular(&word) {
                Some(one) => {
                    assert_eq!(one, pluralizer::pluralize(&word, 1, false), "{word}");
                    fast += 1;
                }
                None => slow += 1,
            }
        }
        assert!(fast > 1000 && slow > 300, "{fast} {slow}");
    }
}
