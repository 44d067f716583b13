//! Filter that copies an object as bytes, without some of its fields.
//!
//! A filter is a trie of keys. Kept fields are copied unchanged, with their white space. Dropped fields are skipped by
//! their brackets. Once every key of the filter was found, the rest of the object is handled in one step, since the
//! JSON of a server has no duplicate keys.

use fearless_simd::Level;

use super::cursor::{Cursor, is_blank, unescaped};
use super::error::{Error, ErrorKind};
use super::limits::Limits;

/// Fields of an object to copy. Created by [`MetadataFilter`](super::MetadataFilter) and [`Projection`](super::Projection).
#[derive(Clone, Debug)]
pub struct Filter {
    root: Rule,
    level: Level,
}

/// Handling of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Copies the value.
    Keep,
    /// Leaves the value out.
    Drop,
    /// Applies rules to the members of an object. Copies any other value.
    Members(Members),
    /// Applies a rule to each value of a map, or of each map in a list. Copies any other value.
    Values(Box<Rule>),
}

/// Rules for the members of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Members {
    /// Members with their own rules.
    pub(super) named: Vec<Member>,
    /// Handling of all other members.
    pub(super) others: Others,
    /// Handling of an object that has members, none of which is copied.
    pub(super) emptied: Emptied,
    /// Handling of a list in place of the object.
    pub(super) lists: Lists,
}

/// Member with its own rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Key of the member.
    pub(super) key: Box<str>,
    /// Rule for the value.
    pub(super) rule: Rule,
    /// Text to write when the object lacks the member: key, colon and value.
    pub(super) otherwise: Option<Box<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    Keep,
    Drop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lists {
    /// Copies the list.
    Keep,
    /// Applies the rules to each object in the list.
    Through,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Emptied {
    Keep,
    /// Leaves out the object and its key.
    Drop,
}

impl Filter {
    pub(super) fn new(root: Rule) -> Self {
        Self { root, level: Level::new() }
    }

    /// Appends the kept part of `object` to `out`. After an error, the appended bytes must not be used.
    ///
    /// # Errors
    ///
    /// Fails when the examined part of the object is not valid JSON. The offset is relative to the object.
    pub fn copy(&self, object: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let len = self.copy_first(object, Limits::default().depth, out)?;
        match object[len..].iter().position(|&byte| !is_blank(byte)) {
            None => Ok(()),
            Some(index) => Err(Error::new((len + index) as u64, ErrorKind::Expected("the end of the object"))),
        }
    }

    /// Copies the object at the start of `text` as [`copy`](Self::copy) does. `depth` is the maximum number of open
    /// brackets. Returns the length of the object in `text`.
    pub(super) fn copy_first(&self, text: &[u8], depth: u32, out: &mut Vec<u8>) -> Result<usize, Error> {
        let mut copy = Copy { cursor: Cursor::new(self.level, text, depth), text, pending: 0, out };
        if copy.cursor.peek()? != b'{' {
            return Err(copy.cursor.kind(ErrorKind::Expected("an object, '{'")));
        }
        copy.pending = copy.cursor.at();
        copy.value(&self.root, LISTS)?;
        copy.flush(copy.cursor.at());
        Ok(copy.cursor.at())
    }
}

/// Maximum nesting of lists in lists that a rule follows. CRDs have at most two.
const LISTS: u32 = 16;

/// Copy in progress. The bytes between `pending` and the cursor are copied, unless a value among them is dropped.
struct Copy<'a, 'o> {
    cursor: Cursor<'a>,
    text: &'a [u8],
    pending: usize,
    out: &'o mut Vec<u8>,
}

/// Outcome of the copy of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Copied,
    /// All members of the object were dropped, and the object itself must be dropped.
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
            return Err(self.cursor.kind(ErrorKind::TooDeep(LISTS)));
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

    /// Reads the members of an object with at least one member, and the closing bracket.
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

    /// Reads the remaining members, none of which is named, and the closing bracket.
    fn rest(&mut self, object: &mut Object, others: Others) -> Result<(), Error> {
        if others == Others::Drop {
            self.open_gap(object);
            return self.cursor.rest_of_object();
        }
        self.cursor.expect(b',', "',' or '}'")?;
        self.cursor.peek()?;
        let start = self.cursor.at();
        self.close_gap(object, start);
        // The members are copied together with the bracket, so no gap remains to be closed.
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

/// Object in progress.
#[derive(Clone, Copy)]
struct Object {
    /// Number of copied members.
    kept: usize,
    /// Position after the last copied member, or after the opening bracket.
    end: usize,
    /// Whether the bytes after `end` are left out.
    has_gap: bool,
}

/// Named members that were not found yet. One bit for each of the first 64 members, so that no memory is allocated.
struct Unmet<'a> {
    named: &'a [Member],
    bits: u64,
}

impl<'a> Unmet<'a> {
    fn all(named: &'a [Member]) -> Self {
        Self { named, bits: 1u64.checked_shl(named.len() as u32).map_or(u64::MAX, |bit| bit - 1) }
    }

    /// Returns the rule of a named key and marks the key as found.
    fn meet(&mut self, key: &[u8]) -> Option<&'a Rule> {
        let key = unescaped(key);
        let index = self.named.iter().position(|member| member.key.as_bytes() == &*key)?;
        self.bits &= !1u64.checked_shl(index as u32).unwrap_or(0);
        Some(&self.named[index].rule)
    }

    /// Returns whether all named members were found. Always false for more than 64 members.
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
