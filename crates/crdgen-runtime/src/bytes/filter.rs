//! Copies an object without some of its fields, as bytes.
//!
//! A filter is a trie of keys. What it keeps is copied as it stands, white space and all; what it drops is passed over by
//! its brackets. Where every key that it names was met, the rest of the object is passed in one go: a server's JSON has no
//! key twice.

use fearless_simd::Level;

use super::cursor::{Cursor, is_blank, unescaped};
use super::error::{Error, Flaw};
use super::limits::Limits;

/// Which fields of an object are copied. Made by [`Trim`](super::Trim) and [`Projection`](super::Projection).
#[derive(Clone, Debug)]
pub struct Filter {
    root: Rule,
    level: Level,
}

/// What is done with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// It is copied.
    Keep,
    /// It is left out.
    Drop,
    /// The members of an object have rules of their own. Anything else is copied.
    Members(Members),
    /// Each value of a map, or of each map in a list, has the same rule. Anything else is copied.
    Values(Box<Rule>),
}

/// The rules of an object's members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Members {
    /// Those that have rules of their own.
    pub(super) named: Vec<Member>,
    /// What is done with members that have no name here.
    pub(super) others: Others,
    /// What is done with the object if it has members and none is copied.
    pub(super) emptied: Emptied,
    /// What is done with a list.
    pub(super) lists: Lists,
}

/// A member with a rule of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Its key.
    pub(super) key: Box<str>,
    /// What is done with its value.
    pub(super) rule: Rule,
    /// What is written if the object has no such member: key, colon and value.
    pub(super) otherwise: Option<Box<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    Keep,
    Drop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lists {
    /// It is copied.
    Keep,
    /// The rules are for each object in it.
    Through,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Emptied {
    Keep,
    /// Its key goes with it.
    Drop,
}

impl Filter {
    pub(super) fn new(root: Rule) -> Self {
        Self { root, level: Level::new() }
    }

    /// Appends what is kept of an object. If it fails, what was appended is not to be used.
    ///
    /// # Errors
    ///
    /// When a key or value is not where JSON has it, as far as it was looked for. The offset is within the object.
    pub fn copy(&self, object: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let len = self.copy_first(object, Limits::default().depth, out)?;
        match object[len..].iter().position(|&byte| !is_blank(byte)) {
            None => Ok(()),
            Some(index) => Err(Error::new((len + index) as u64, Flaw::Expected("the end of the object"))),
        }
    }

    /// As [`copy`](Self::copy), of the object that a text begins with and `depth` levels of brackets; how long it is.
    pub(super) fn copy_first(&self, text: &[u8], depth: u32, out: &mut Vec<u8>) -> Result<usize, Error> {
        let mut copy = Copy { cursor: Cursor::new(self.level, text, depth), text, pending: 0, out };
        if copy.cursor.peek()? != b'{' {
            return Err(copy.cursor.flaw(Flaw::Expected("an object, '{'")));
        }
        copy.pending = copy.cursor.at();
        copy.value(&self.root, LISTS)?;
        copy.flush(copy.cursor.at());
        Ok(copy.cursor.at())
    }
}

/// Lists in lists that a rule reaches through; CRDs have two of them at most.
const LISTS: u32 = 16;

/// A copy under way. What lies between `pending` and the cursor is to be copied unless something is dropped from it.
struct Copy<'a, 'o> {
    cursor: Cursor<'a>,
    text: &'a [u8],
    pending: usize,
    out: &'o mut Vec<u8>,
}

/// What became of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Copied,
    /// It is an object that has lost all its members and is to go too.
    Emptied,
}

impl Copy<'_, '_> {
    fn flush(&mut self, to: usize) {
        self.out.extend_from_slice(&self.text[self.pending..to]);
        self.pending = to;
    }

    fn value(&mut self, rule: &Rule, lists: u32) -> Result<Outcome, Error> {
        match (rule, self.cursor.peek()?) {
            (Rule::Members(members), b'{') => return self.object(members, lists),
            (Rule::Values(rule), b'{') => self.map(rule, lists)?,
            (Rule::Members(Members { lists: Lists::Through, .. }) | Rule::Values(_), b'[') => self.list(rule, lists)?,
            _ => self.cursor.value()?,
        }
        Ok(Outcome::Copied)
    }

    fn list(&mut self, rule: &Rule, lists: u32) -> Result<(), Error> {
        let Some(lists) = lists.checked_sub(1) else {
            return Err(self.cursor.flaw(Flaw::TooDeep(LISTS)));
        };
        self.cursor.take(b'[')?;
        if self.cursor.take(b']')? {
            return Ok(());
        }
        loop {
            self.value(rule, lists)?;
            if !self.cursor.take(b',')? {
                return self.cursor.expect(b']', "',' or ']'");
            }
        }
    }

    fn map(&mut self, rule: &Rule, lists: u32) -> Result<(), Error> {
        self.cursor.take(b'{')?;
        if self.cursor.take(b'}')? {
            return Ok(());
        }
        loop {
            self.cursor.key()?;
            self.value(rule, lists)?;
            if !self.cursor.take(b',')? {
                return self.cursor.expect(b'}', "',' or '}'");
            }
        }
    }

    fn object(&mut self, members: &Members, lists: u32) -> Result<Outcome, Error> {
        self.cursor.take(b'{')?;
        let mut object = Object { kept: 0, end: self.cursor.at(), has_gap: false };
        let mut unmet = Unmet::all(&members.named);
        if !self.cursor.take(b'}')? {
            self.members(members, &mut unmet, &mut object, lists)?;
            if object.kept == 0 && members.emptied == Emptied::Drop {
                return Ok(Outcome::Emptied);
            }
        }
        for member in unmet.members() {
            if let Some(text) = &member.otherwise {
                self.add_member(&mut object, text);
            }
        }
        if object.has_gap {
            self.pending = self.cursor.at() - 1;
        }
        Ok(Outcome::Copied)
    }

    /// Passes the members of an object, of which there is at least one, and the closing bracket.
    fn members(
        &mut self,
        members: &Members,
        unmet: &mut Unmet<'_>,
        object: &mut Object,
        lists: u32,
    ) -> Result<(), Error> {
        loop {
            self.cursor.peek()?;
            let start = self.cursor.at();
            let key = self.cursor.key()?;
            match unmet.meet(key).unwrap_or(members.others.rule()) {
                Rule::Drop => self.drop_member(object)?,
                Rule::Keep => self.keep_member(object, start)?,
                rule => self.cut_member(object, start, rule, lists)?,
            }
            if self.cursor.take(b'}')? {
                return Ok(());
            }
            if unmet.is_empty() {
                return self.rest(object, members.others);
            }
            self.cursor.expect(b',', "',' or '}'")?;
        }
    }

    fn drop_member(&mut self, object: &mut Object) -> Result<(), Error> {
        self.cursor.value()?;
        self.open_gap(object);
        Ok(())
    }

    fn keep_member(&mut self, object: &mut Object, start: usize) -> Result<(), Error> {
        self.close_gap(object, start);
        self.cursor.value()?;
        object.kept += 1;
        object.end = self.cursor.at();
        Ok(())
    }

    fn cut_member(&mut self, object: &mut Object, start: usize, rule: &Rule, lists: u32) -> Result<(), Error> {
        let before = (self.out.len(), self.pending, *object);
        self.close_gap(object, start);
        if self.value(rule, lists)? == Outcome::Copied {
            object.kept += 1;
            object.end = self.cursor.at();
            return Ok(());
        }
        self.out.truncate(before.0);
        (self.pending, *object) = (before.1, before.2);
        self.open_gap(object);
        Ok(())
    }

    /// Passes the other members, none of which is named, and the closing bracket.
    fn rest(&mut self, object: &mut Object, others: Others) -> Result<(), Error> {
        if others == Others::Drop {
            self.open_gap(object);
            return self.cursor.rest_of_object();
        }
        self.cursor.expect(b',', "',' or '}'")?;
        self.cursor.peek()?;
        let start = self.cursor.at();
        self.close_gap(object, start);
        // They are copied with the bracket, so there is no gap to close behind them.
        object.kept += 1;
        self.cursor.rest_of_object()
    }

    fn add_member(&mut self, object: &mut Object, text: &str) {
        self.open_gap(object);
        if object.kept > 0 {
            self.out.push(b',');
        }
        self.out.extend_from_slice(text.as_bytes());
        object.kept += 1;
    }

    fn open_gap(&mut self, object: &mut Object) {
        if !object.has_gap {
            self.flush(object.end);
            object.has_gap = true;
        }
    }

    fn close_gap(&mut self, object: &mut Object, start: usize) {
        if !object.has_gap {
            return;
        }
        if object.kept > 0 {
            self.out.push(b',');
        }
        self.pending = start;
        object.has_gap = false;
    }
}

/// An object under way.
#[derive(Clone, Copy)]
struct Object {
    /// Members that are copied.
    kept: usize,
    /// Behind the last of them, or behind the opening bracket.
    end: usize,
    /// What lies behind `end` is not to be copied.
    has_gap: bool,
}

/// The named members that were not met yet: a bit each of the first 64, so that nothing is allocated for an object.
struct Unmet<'a> {
    named: &'a [Member],
    bits: u64,
}

impl<'a> Unmet<'a> {
    fn all(named: &'a [Member]) -> Self {
        Self { named, bits: 1u64.checked_shl(named.len() as u32).map_or(u64::MAX, |bit| bit - 1) }
    }

    /// The rule of a key.
    fn meet(&mut self, key: &[u8]) -> Option<&'a Rule> {
        let key = unescaped(key);
        let index = self.named.iter().position(|member| member.key.as_bytes() == &*key)?;
        self.bits &= !1u64.checked_shl(index as u32).unwrap_or(0);
        Some(&self.named[index].rule)
    }

    /// Whether there is none. Of more than 64 it is not known.
    fn is_empty(&self) -> bool {
        self.bits == 0 && self.named.len() <= 64
    }

    fn members(self) -> impl Iterator<Item = &'a Member> {
        self.named
            .iter()
            .take(64)
            .enumerate()
            .filter(move |(index, _)| self.bits >> index & 1 == 1)
            .map(|(_, member)| member)
    }
}

impl Others {
    fn rule(self) -> &'static Rule {
        match self {
            Self::Keep => &Rule::Keep,
            Self::Drop => &Rule::Drop,
        }
    }
}
