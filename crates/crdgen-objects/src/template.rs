//! Texts that match a regular expression.

use crdgen_cel::re2;
use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

/// Maximum length of a text in bytes. Longer texts are given up.
const MAX_LENGTH: usize = 4096;

/// Characters to choose from a class, in this order.
const PREFERRED: &str = "aebcd1x0ABC2-_./:=";

/// Regular expression of Go, from which matching texts are made.
///
/// Anchors and word boundaries are ignored, so a text is only likely to match. Callers check it.
pub(crate) struct Template(Hir);

impl Template {
    /// Parses an expression, or returns `None` if Go refuses it.
    pub(crate) fn parse(pattern: &str) -> Option<Self> {
        let translated = re2::translate(pattern).ok()?;
        regex_syntax::parse(&translated.text).ok().map(Self)
    }

    /// Returns the text with the fewest repetitions and the first of alternatives.
    pub(crate) fn shortest(&self) -> Option<String> {
        let mut writer = Writer { out: String::new(), variation: None };
        writer.write(&self.0).then_some(writer.out)
    }

    /// Returns a random text. Each part is repeated up to `growth` times more often than it has to be.
    pub(crate) fn sample(&self, rng: &mut fastrand::Rng, growth: u32) -> Option<String> {
        let mut writer = Writer { out: String::new(), variation: Some((rng, growth)) };
        writer.write(&self.0).then_some(writer.out)
    }
}

struct Writer<'r> {
    out: String,
    variation: Option<(&'r mut fastrand::Rng, u32)>,
}

impl Writer<'_> {
    /// Writes a text for an expression. Returns false when there is none or the text is too long.
    fn write(&mut self, hir: &Hir) -> bool {
        if self.out.len() > MAX_LENGTH {
            return false;
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => true,
            HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
                Ok(text) => {
                    self.out.push_str(text);
                    true
                }
                Err(_) => false,
            },
            HirKind::Class(class) => self.character(class),
            HirKind::Repetition(repetition) => self.repeat(repetition),
            HirKind::Capture(capture) => self.write(&capture.sub),
            HirKind::Concat(parts) => parts.iter().all(|part| self.write(part)),
            HirKind::Alternation(alternatives) => {
                let chosen = self.below(alternatives.len());
                self.write(&alternatives[chosen])
            }
        }
    }

    fn repeat(&mut self, repetition: &Repetition) -> bool {
        let more = match &mut self.variation {
            Some((rng, growth)) => rng.u32(0..=*growth),
            None => 0,
        };
        let most = repetition.max.unwrap_or(u32::MAX);
        let times = repetition.min.saturating_add(more).min(most);
        (0..times).all(|_| self.write(&repetition.sub))
    }

    /// Writes a character of a class. The first choice is a letter.
    fn character(&mut self, class: &Class) -> bool {
        let Class::Unicode(class) = class else {
            // A class of bytes is ASCII: other bytes are not UTF-8.
            let Class::Bytes(bytes) = class else { return false };
            let mut letters = bytes.iter().map(|range| char::from(range.start())).filter(char::is_ascii);
            return letters.next().map(|letter| self.out.push(letter)).is_some();
        };
        let contains = |letter: char| class.iter().any(|range| range.start() <= letter && letter <= range.end());
        let preferred: Vec<char> = PREFERRED.chars().filter(|letter| contains(*letter)).collect();
        let letter = match (preferred.as_slice(), class.ranges().len()) {
            ([], 0) => return false,
            ([], count) => class.ranges()[self.below(count)].start(),
            (preferred, _) => preferred[self.below(preferred.len())],
        };
        self.out.push(letter);
        true
    }

    /// Returns a random index below `count`, or 0 without variation.
    fn below(&mut self, count: usize) -> usize {
        self.variation.as_mut().map_or(0, |(rng, _)| rng.usize(..count))
    }
}

#[cfg(test)]
mod tests {
    use crdgen_cel::Effort;
    use crdgen_cel::re2::Pattern;

    use super::*;

    #[test]
    fn texts_match_the_expression_that_they_are_made_from() {
        let patterns = [
            r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
            r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$",
            r"^\d{4}-\d\d-\d\d$",
            r"^(?i:abc)\Qx.y\E[^/]{3}$",
            r"^[\p{L}\p{N}]{2,5}$",
            r"^arn:aws:iam::\d{12}:role/.+$",
            r"[[:upper:]]$",
        ];
        let mut rng = fastrand::Rng::with_seed(1);
        for source in patterns {
            let (template, pattern) = (Template::parse(source).unwrap(), Pattern::new(source).unwrap());
            let samples = (0..20).filter_map(|growth| template.sample(&mut rng, growth));
            for text in samples.chain(template.shortest()) {
                assert!(pattern.finds(&text, &Effort::new(1_000_000)).unwrap(), "{source}: {text}");
            }
        }
    }

    #[test]
    fn a_text_ends_however_often_parts_repeat() {
        let template = Template::parse("^((a{1,10}){1,10}){1,10}(b*)*$").unwrap();
        let text = template.sample(&mut fastrand::Rng::with_seed(1), 1_000_000);
        assert!(text.is_none_or(|text| text.len() < 3 * MAX_LENGTH));
    }

    #[test]
    fn nothing_is_made_from_an_expression_that_matches_nothing() {
        assert_eq!(Template::parse(r"[^\x00-\x{10FFFF}]").and_then(|template| template.shortest()), None);
        assert!(Template::parse("(?=a)").is_none());
    }
}
