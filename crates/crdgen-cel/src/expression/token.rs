//! Tokens of CEL expressions.

use std::borrow::Cow;

/// Token of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'t> {
    /// Word, reserved or not.
    Word(&'t str),
    /// Integer without a sign. `9223372036854775808` is an int only after a minus.
    Int(u64),
    Uint(u64),
    Double(f64),
    String(Cow<'t, str>),
    Bytes(Vec<u8>),
    /// Operator or bracket.
    Sign(&'static str),
    End,
}

/// Signs. A longer sign is listed before the signs that it starts with.
const SIGNS: [&str; 29] = [
    "==", "!=", "<=", ">=", "&&", "||", ".?", "[?", "{?", "<", ">", "!", ".", "[", "]", "{", "}", "(", ")", ",", "?",
    ":", "+", "-", "*", "/", "%", "`", "=",
];

/// Splits a rule into tokens. The last token is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut lexer = Lexer { rest: text };
    let mut tokens = Vec::new();
    loop {
        tokens.push(lexer.next()?);
        if tokens.last() == Some(&Token::End) {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    rest: &'t str,
}

impl<'t> Lexer<'t> {
    fn next(&mut self) -> Result<Token<'t>, String> {
        self.skip_blanks();
        let Some(first) = self.rest.chars().next() else { return Ok(Token::End) };
        if let Some(string) = self.string()? {
            return Ok(string);
        }
        if first.is_ascii_alphabetic() || first == '_' {
            return Ok(Token::Word(self.take_while(|letter| letter.is_ascii_alphanumeric() || letter == '_')));
        }
        let second = self.rest[first.len_utf8()..].chars().next().unwrap_or_default();
        if first.is_ascii_digit() || (first == '.' && second.is_ascii_digit()) {
            return self.number();
        }
        let sign = SIGNS.into_iter().find(|sign| self.rest.starts_with(sign));
        let sign = sign.ok_or_else(|| format!("unexpected `{first}`"))?;
        // `[?` and `{?` start an optional entry: a `?` of a condition cannot follow a bracket.
        self.rest = &self.rest[sign.len()..];
        Ok(Token::Sign(sign))
    }

    fn skip_blanks(&mut self) {
        loop {
            self.rest = self.rest.trim_start_matches(['\t', ' ', '\r', '\n', '\u{c}']);
            if !self.rest.starts_with("//") {
                return;
            }
            self.rest = self.rest.split_once('\n').map_or("", |(_, rest)| rest);
        }
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|letter| !belongs(letter)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    fn number(&mut self) -> Result<Token<'t>, String> {
        let start = self.rest;
        if self.rest.starts_with("0x") {
            self.rest = &self.rest[2..];
            let digits = self.take_while(|letter| letter.is_ascii_hexdigit());
            return self.integer(u64::from_str_radix(digits, 16));
        }
        self.take_while(|letter| letter.is_ascii_digit());
        let mut whole = true;
        if self.rest.starts_with('.') && self.rest[1..].starts_with(|next: char| next.is_ascii_digit()) {
            whole = false;
            self.rest = &self.rest[1..];
            self.take_while(|letter| letter.is_ascii_digit());
        }
        if let Some(exponent) = self.rest.strip_prefix(['e', 'E']) {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if exponent.starts_with(|next: char| next.is_ascii_digit()) {
                whole = false;
                self.rest = exponent;
                self.take_while(|letter| letter.is_ascii_digit());
            }
        }
        let text = &start[..start.len() - self.rest.len()];
        if whole {
            return self.integer(text.parse());
        }
        let value: f64 = text.parse().map_err(|_| format!("`{text}` is no number"))?;
        if value.is_finite() { Ok(Token::Double(value)) } else { Err(format!("`{text}` is too large")) }
    }

    fn integer(&mut self, value: Result<u64, std::num::ParseIntError>) -> Result<Token<'t>, String> {
        let value = value.map_err(|problem| problem.to_string())?;
        match self.rest.strip_prefix(['u', 'U']) {
            Some(rest) => {
                self.rest = rest;
                Ok(Token::Uint(value))
            }
            None => Ok(Token::Int(value)),
        }
    }

    /// Reads a string or bytes, if one starts here.
    fn string(&mut self) -> Result<Option<Token<'t>>, String> {
        let mut rest = self.rest;
        let bytes = rest.strip_prefix(['b', 'B']);
        rest = bytes.unwrap_or(rest);
        let raw = rest.strip_prefix(['r', 'R']);
        rest = raw.unwrap_or(rest);
        let Some(quote) = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote)) else {
            return Ok(None);
        };
        rest = &rest[quote.len()..];
        let end = closing(rest, quote, raw.is_none()).ok_or("a string does not end")?;
        self.rest = &rest[end + quote.len()..];
        let body = &rest[..end];
        let escapes = if raw.is_some() { "" } else { body };
        Ok(Some(match bytes {
            Some(_) if escapes.is_empty() => Token::Bytes(body.as_bytes().to_vec()),
            Some(_) => Token::Bytes(unescape_bytes(body)?),
            None if !escapes.contains('\\') => Token::String(body.into()),
            None => Token::String(unescape(body)?.into()),
        }))
    }
}

/// Returns the position of the closing quote.
fn closing(text: &str, quote: &str, escapes: bool) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        if rest.starts_with(quote) {
            return Some(at);
        }
        let mut letters = rest.chars();
        let mut letter = letters.next()?;
        if letter == '\\' && escapes {
            at += 1;
            letter = letters.next()?;
        } else if quote.len() == 1 && matches!(letter, '\n' | '\r') {
            return None;
        }
        at += letter.len_utf8();
    }
}

fn unescape(text: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (code, length) = escape(&rest[at + 1..])?;
        out.push(char::from_u32(code).ok_or("an escape is no character")?);
        rest = &rest[at + 1 + length..];
    }
    out.push_str(rest);
    Ok(out)
}

fn unescape_bytes(text: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        if rest[at + 1..].starts_with(['u', 'U']) {
            return Err("bytes have no Unicode escapes".into());
        }
        let (code, length) = escape(&rest[at + 1..])?;
        out.push(u8::try_from(code).map_err(|_| "an escape is no byte")?);
        rest = &rest[at + 1 + length..];
    }
    out.extend_from_slice(rest.as_bytes());
    Ok(out)
}

/// Returns the value of an escape, and its length after the backslash.
fn escape(text: &str) -> Result<(u32, usize), String> {
    let simple = |code: char| Ok((code as u32, 1));
    let radix = |from: usize, length: usize, radix: u32| {
        let digits = text.get(from..from + length).filter(|digits| digits.chars().all(|digit| digit.is_digit(radix)));
        let value = digits.and_then(|digits| u32::from_str_radix(digits, radix).ok());
        value.map(|value| (value, from + length)).ok_or_else(|| "an escape lacks digits".to_owned())
    };
    match text.chars().next() {
        Some('a') => simple('\u{7}'),
        Some('b') => simple('\u{8}'),
        Some('f') => simple('\u{c}'),
        Some('n') => simple('\n'),
        Some('r') => simple('\r'),
        Some('t') => simple('\t'),
        Some('v') => simple('\u{b}'),
        Some(itself @ ('\\' | '?' | '"' | '\'' | '`')) => simple(itself),
        Some('x' | 'X') => radix(1, 2, 16),
        Some('u') => radix(1, 4, 16),
        Some('U') => radix(1, 8, 16),
        Some('0'..='3') => radix(0, 3, 8),
        _ => Err("there is no such escape".into()),
    }
}
