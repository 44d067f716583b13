//! Mail addresses, as `mail.ParseAddress` of Go: one address of RFC 5322, with or without a name, comments included.

use super::address::{is_ipv4, is_ipv6};

/// Returns whether Go accepts the text as a mail address.
pub(super) fn is_email(text: &str) -> bool {
    let mut parser = Parser { rest: text };
    let addresses = parser.address(Groups::Allowed);
    addresses == Some(1) && parser.skip_comments().is_some() && parser.rest.is_empty()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Groups {
    Allowed,
    /// Within a group.
    Refused,
}

struct Parser<'t> {
    rest: &'t str,
}

impl<'t> Parser<'t> {
    /// Reads an address or a group, and returns the number of addresses.
    fn address(&mut self, groups: Groups) -> Option<usize> {
        self.skip_space();
        if self.rest.is_empty() {
            return None;
        }
        if self.specification().is_some() {
            self.skip_space();
            if self.rest.starts_with('(') {
                self.comment()?;
            }
            return Some(1);
        }
        if !self.rest.starts_with('<') {
            self.phrase()?;
        }
        self.skip_space();
        if groups == Groups::Allowed && self.take(':') {
            return self.group();
        }
        (self.take('<') && self.specification().is_some() && self.take('>')).then_some(1)
    }

    /// Reads the rest of a group, after `name:`.
    fn group(&mut self) -> Option<usize> {
        let mut addresses = 0;
        self.skip_space();
        if self.take(';') {
            self.skip_comments()?;
            return Some(addresses);
        }
        loop {
            self.skip_space();
            addresses += self.address(Groups::Refused)?;
            self.skip_comments()?;
            if self.take(';') {
                self.skip_comments()?;
                return Some(addresses);
            }
            if !self.take(',') {
                return None;
            }
        }
    }

    /// Reads `local@domain`. Consumes nothing if there is none.
    fn specification(&mut self) -> Option<()> {
        let start = self.rest;
        let read = self.local_part().and_then(|()| self.domain());
        if read.is_none() {
            self.rest = start;
        }
        read
    }

    fn local_part(&mut self) -> Option<()> {
        self.skip_space();
        match self.rest.starts_with('"') {
            true => self.quoted().filter(|text| !text.is_empty())?,
            false => self.atom().filter(|atom| is_dot_atom(atom))?,
        };
        self.take('@').then_some(())
    }

    fn domain(&mut self) -> Option<()> {
        self.skip_space();
        if self.take('[') {
            let (literal, rest) = self.rest.split_once(']')?;
            self.rest = rest;
            return (is_ip(literal)).then_some(());
        }
        self.atom().filter(|atom| is_dot_atom(atom)).map(drop)
    }

    /// Reads a phrase of at least one word.
    fn phrase(&mut self) -> Option<()> {
        let mut words = 0;
        loop {
            if words > 0 {
                self.skip_comments()?;
            }
            self.skip_space();
            let word = match self.rest.chars().next() {
                None => break,
                Some('"') => self.quoted(),
                Some(_) => self.atom().filter(|word| !is_of_unknown_charset(word)),
            };
            if word.is_none() {
                break;
            }
            words += 1;
        }
        (words > 0 || self.rest.is_empty()).then_some(())
    }

    /// Reads the text between quotes. Escapes are left as they are.
    fn quoted(&mut self) -> Option<&'t str> {
        let text = self.rest.strip_prefix('"')?;
        let mut is_escaped = false;
        for (index, letter) in text.char_indices() {
            let is_visible = is_visible(letter) || matches!(letter, ' ' | '\t');
            match letter {
                _ if is_escaped && is_visible => is_escaped = false,
                _ if is_escaped => return None,
                '"' => {
                    self.rest = &text[index + 1..];
                    return Some(&text[..index]);
                }
                '\\' => is_escaped = true,
                _ if is_visible => {}
                _ => return None,
            }
        }
        None
    }

    /// Reads a run of atom characters and dots.
    fn atom(&mut self) -> Option<&'t str> {
        let end = self.rest.find(|letter| !is_atom(letter)).unwrap_or(self.rest.len());
        let (atom, rest) = self.rest.split_at(end);
        if atom.is_empty() {
            return None;
        }
        self.rest = rest;
        Some(atom)
    }

    /// Skips space and comments.
    fn skip_comments(&mut self) -> Option<()> {
        self.skip_space();
        while self.rest.starts_with('(') {
            self.comment()?;
            self.skip_space();
        }
        Some(())
    }

    fn comment(&mut self) -> Option<()> {
        let mut depth = 0;
        let mut letters = self.rest.char_indices();
        while let Some((index, letter)) = letters.next() {
            match letter {
                '\\' => drop(letters.next()),
                '(' => depth += 1,
                ')' if depth == 1 => {
                    self.rest = &self.rest[index + 1..];
                    return Some(());
                }
                ')' => depth -= 1,
                _ => {}
            }
        }
        None
    }

    fn take(&mut self, letter: char) -> bool {
        let rest = self.rest.strip_prefix(letter);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }
}

fn is_dot_atom(atom: &str) -> bool {
    !atom.starts_with('.') && !atom.ends_with('.') && !atom.contains("..")
}

fn is_atom(letter: char) -> bool {
    !matches!(letter, '(' | ')' | '<' | '>' | '[' | ']' | ':' | ';' | '@' | '\\' | ',' | '"') && is_visible(letter)
}

fn is_visible(letter: char) -> bool {
    matches!(letter, '!'..='~') || !letter.is_ascii()
}

/// Returns whether `net.ParseIP` accepts the text.
fn is_ip(text: &str) -> bool {
    is_ipv6(text) || (is_ipv4(text) && text.parse::<std::net::Ipv4Addr>().is_ok())
}

/// Returns whether a word is an encoded word (RFC 2047) of a charset that Go cannot decode.
fn is_of_unknown_charset(word: &str) -> bool {
    let parts: Vec<&str> = word.split('?').collect();
    match parts[..] {
        ["=", charset, encoding, _, "="] => {
            let is_known = ["utf-8", "iso-8859-1", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known));
            !is_known && !charset.is_empty() && matches!(encoding, "b" | "B" | "q" | "Q")
        }
        _ => false,
    }
}
