//! Parts of a CEL rule that help to find a value for which the rule holds: the fields and literals that it mentions.
//!
//! The text is scanned, not parsed: a field that is missed costs an idea, not correctness.

use std::collections::HashMap;

/// Maximum number of tokens that are read of a rule.
const MAX_TOKENS: usize = 4000;

/// Macros whose first argument is a variable for the items of a list or the keys of a map.
const MACROS: [&str; 9] =
    ["all", "exists", "exists_one", "existsOne", "map", "filter", "transformList", "transformMap", "sortBy"];

/// Fields and literals that a rule mentions.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Mentions {
    /// Paths from `self`, which is the empty path, in the order of the rule, each once.
    pub(crate) paths: Vec<Vec<Piece>>,
    pub(crate) texts: Vec<String>,
    pub(crate) numbers: Vec<f64>,
}

/// Step of a mentioned path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Piece {
    Field(String),
    /// Every item of a list, or every value of a map.
    Each,
}

impl Mentions {
    pub(crate) fn of(rule: &str) -> Self {
        let tokens: Vec<Token> = Tokens { rest: rule }.take(MAX_TOKENS).collect();
        let mut mentions = Self::default();
        for token in &tokens {
            match token {
                Token::Text(text) => mentions.texts.push(text.clone()),
                Token::Number(number) => mentions.numbers.push(*number),
                Token::Name(_) | Token::Sign(_) => {}
            }
        }
        Scan { tokens: &tokens, variables: HashMap::from([("self", Vec::new())]), paths: &mut mentions.paths }.run();
        mentions
    }
}

struct Scan<'t, 'r> {
    tokens: &'t [Token<'r>],
    variables: HashMap<&'r str, Vec<Piece>>,
    paths: &'t mut Vec<Vec<Piece>>,
}

impl<'r> Scan<'_, 'r> {
    fn run(mut self) {
        let mut at = 0;
        while let Some(token) = self.tokens.get(at) {
            let is_member = at > 0 && self.tokens[at - 1] == Token::Sign('.');
            match token {
                Token::Name(name) if !is_member && self.variables.contains_key(name) => at = self.path(at, name),
                _ => at += 1,
            }
        }
    }

    /// Reads the path that begins with a variable. Returns the index behind it.
    fn path(&mut self, start: usize, variable: &str) -> usize {
        let mut path = self.variables[variable].clone();
        let mut at = start + 1;
        loop {
            match self.tokens.get(at..).unwrap_or_default() {
                [Token::Sign('.'), Token::Name(name), Token::Sign('('), arguments @ ..] => {
                    if MACROS.contains(name) {
                        self.bind(arguments, &path);
                    }
                    break;
                }
                [Token::Sign('.'), Token::Name(name), ..] => {
                    path.push(Piece::Field(unescaped(name)));
                    at += 2;
                }
                [Token::Sign('.'), Token::Sign('?'), Token::Name(name), ..] => {
                    path.push(Piece::Field(unescaped(name)));
                    at += 3;
                }
                [Token::Sign('['), Token::Text(key), Token::Sign(']'), ..] => {
                    path.push(Piece::Field(key.clone()));
                    at += 3;
                }
                [Token::Sign('['), Token::Number(_) | Token::Name(_), Token::Sign(']'), ..] => {
                    path.push(Piece::Each);
                    at += 3;
                }
                _ => break,
            }
        }
        if !self.paths.contains(&path) {
            self.paths.push(path);
        }
        at
    }

    /// Binds the variables of a macro to the items of the list at `path`.
    fn bind(&mut self, arguments: &[Token<'r>], path: &[Piece]) {
        let variable = match arguments {
            [Token::Name(_), Token::Sign(','), Token::Name(value), Token::Sign(','), ..] => value,
            [Token::Name(item), Token::Sign(','), ..] => item,
            _ => return,
        };
        let mut items = path.to_vec();
        items.push(Piece::Each);
        self.variables.insert(variable, items);
    }
}

/// Returns the name of a field that CEL cannot write as it is.
fn unescaped(name: &str) -> String {
    if !name.contains("__") {
        return name.to_owned();
    }
    let name = name.replace("__dash__", "-").replace("__dot__", ".").replace("__slash__", "/");
    let keyword = name.strip_prefix("__").and_then(|name| name.strip_suffix("__")).map(str::to_owned);
    keyword.unwrap_or_else(|| name.replace("__underscores__", "__"))
}

#[derive(Clone, Debug, PartialEq)]
enum Token<'r> {
    Name(&'r str),
    Text(String),
    Number(f64),
    Sign(char),
}

struct Tokens<'r> {
    rest: &'r str,
}

impl<'r> Iterator for Tokens<'r> {
    type Item = Token<'r>;

    fn next(&mut self) -> Option<Token<'r>> {
        self.rest = self.rest.trim_start();
        let first = self.rest.chars().next()?;
        Some(match first {
            '"' | '\'' => self.text(first, true),
            'r' if self.rest[1..].starts_with(['"', '\'']) => {
                self.rest = &self.rest[1..];
                let quote = if self.rest.starts_with('"') { '"' } else { '\'' };
                self.text(quote, false)
            }
            '0'..='9' => {
                let text = self.take(|letter| letter.is_ascii_digit() || letter == '.');
                text.parse().map_or(Token::Sign('0'), Token::Number)
            }
            _ if first.is_alphabetic() || first == '_' => {
                Token::Name(self.take(|letter| letter.is_alphanumeric() || letter == '_'))
            }
            _ => {
                self.rest = &self.rest[first.len_utf8()..];
                Token::Sign(first)
            }
        })
    }
}

impl<'r> Tokens<'r> {
    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'r str {
        let end = self.rest.find(|letter| !belongs(letter)).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        text
    }

    /// Reads a text in quotes. Of the escapes, those of one letter are replaced.
    fn text(&mut self, quote: char, has_escapes: bool) -> Token<'r> {
        let mut text = String::new();
        let mut letters = self.rest[1..].char_indices();
        let mut end = self.rest.len();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' if has_escapes => match letters.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, escaped)) => text.push(escaped),
                    None => break,
                },
                _ if letter == quote => {
                    end = 1 + at + quote.len_utf8();
                    break;
                }
                _ => text.push(letter),
            }
        }
        self.rest = &self.rest[end..];
        Token::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(rule: &str) -> Vec<String> {
        let written = |piece: &Piece| match piece {
            Piece::Field(name) => name.clone(),
            Piece::Each => "*".to_owned(),
        };
        Mentions::of(rule).paths.iter().map(|path| path.iter().map(written).collect::<Vec<_>>().join("/")).collect()
    }

    #[test]
    fn paths_begin_at_self_or_at_a_variable_of_a_macro() {
        assert_eq!(paths("has(self.a.b) || self.?c.orValue('') == self['d-e']"), ["a/b", "c", "d-e"]);
        assert_eq!(
            paths("self.items.all(i, i.name != '' && i.ports.exists(p, p > 1))"),
            ["items", "items/*", "items/*/name", "items/*/ports", "items/*/ports/*"]
        );
        assert_eq!(paths("self.m.all(k, v, v.x == self.m[k].y)"), ["m", "m/*", "m/*/x", "m/*/y"]);
        assert_eq!(paths("self.a__dash__b == self.__namespace__"), ["a-b", "namespace"]);
        assert_eq!(paths("other.self.x"), [] as [&str; 0]);
    }

    #[test]
    fn literals_are_collected() {
        let mentions = Mentions::of(r#"self in ["a\"b", 'c'] && self.matches(r'^\d$') && size(self) < 10"#);
        assert_eq!(mentions.texts, ["a\"b", "c", r"^\d$"]);
        assert_eq!(mentions.numbers, [10.0]);
    }

    #[test]
    fn any_text_is_scanned_to_its_end() {
        for rule in ["'", "\"\\", "r'", "self.", "self[", "self['a'", "1.2.3", "ä.b(", "self.all(", "'ä\u{0}"] {
            Mentions::of(rule);
        }
    }
}
