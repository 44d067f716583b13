//! Rules: kinds of changes, with the reason why each matters and its verdicts.

use std::fmt;

/// Kind of a change of a CRD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable name in kebab-case, for example `max-length-tightened`.
    pub id: &'static str,
    /// The change, as a sentence without a full stop.
    pub title: &'static str,
    /// Consequences of the change, in one or two sentences.
    pub why: &'static str,
    /// Verdicts on a change in `spec`. The verdicts on one change ([`Finding::verdicts`](crate::Finding::verdicts)) may
    /// differ: they depend on the values of the change and on the side that writes the field.
    pub verdicts: Verdicts,
    /// URL of the page that describes the behaviour of an API server.
    pub reference: &'static str,
}

/// Verdicts on a change, one for each party that it concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdicts {
    /// Programs and people who write objects: an object that was accepted is refused.
    pub writer: Verdict,
    /// Clients with types of the old schema: they fail on new objects.
    pub reader: Verdict,
    /// Stored objects: they become unreadable or unwritable, or lose fields.
    pub stored: Verdict,
    /// Generated code: a program that uses the old types does not compile with the new ones.
    pub source: Verdict,
}

/// Verdict on a change. Verdicts are ordered by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing breaks.
    #[default]
    Safe,
    /// Nothing is refused or lost, but the behaviour changes.
    Notice,
    /// A stored value that is no longer valid stays until somebody changes it. Servers tolerate unchanged values since
    /// Kubernetes 1.33 (validation ratcheting, KEP-4008).
    Ratcheted,
    /// Something is refused or lost, or does not compile.
    Breaks,
}

impl Verdict {
    /// Returns the name of the verdict in machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Notice => "notice",
            Self::Ratcheted => "ratcheted",
            Self::Breaks => "breaks",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// Party that a change concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Axis {
    /// Programs and people who write objects.
    Writer,
    /// Clients with types of the old schema.
    Reader,
    /// Objects in the store.
    Stored,
    /// Programs with generated code.
    Source,
}

impl Axis {
    /// All axes.
    pub const ALL: [Self; 4] = [Self::Writer, Self::Reader, Self::Stored, Self::Source];

    /// Returns the name of the axis in machine formats.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Writer => "writer",
            Self::Reader => "reader",
            Self::Stored => "stored",
            Self::Source => "source",
        }
    }
}

impl fmt::Display for Axis {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Verdicts {
    /// Verdicts on a change that concerns nobody.
    pub const SAFE: Self = verdicts(Verdict::Safe, Verdict::Safe, Verdict::Safe, Verdict::Safe);

    /// Returns the verdict for a party.
    pub fn on(&self, axis: Axis) -> Verdict {
        match axis {
            Axis::Writer => self.writer,
            Axis::Reader => self.reader,
            Axis::Stored => self.stored,
            Axis::Source => self.source,
        }
    }

    /// Returns the most severe of the verdicts.
    pub fn worst(&self) -> Verdict {
        Axis::ALL.into_iter().map(|axis| self.on(axis)).max().unwrap_or_default()
    }

    /// Returns whether an object may be refused, or lose a field.
    pub fn breaks_objects(&self) -> bool {
        self.writer == Verdict::Breaks || self.stored >= Verdict::Ratcheted
    }
}

pub(crate) const fn verdicts(writer: Verdict, reader: Verdict, stored: Verdict, source: Verdict) -> Verdicts {
    Verdicts { writer, reader, stored, source }
}

/// Verdicts in the order writer, reader, stored, source, each as one letter: `-` safe, `n` notice, `r` ratcheted, `B` breaks.
pub(crate) const fn letters(letters: &[u8; 4]) -> Verdicts {
    verdicts(letter(letters[0]), letter(letters[1]), letter(letters[2]), letter(letters[3]))
}

const fn letter(letter: u8) -> Verdict {
    match letter {
        b'-' => Verdict::Safe,
        b'n' => Verdict::Notice,
        b'r' => Verdict::Ratcheted,
        b'B' => Verdict::Breaks,
        _ => panic!("a verdict is one of - n r B"),
    }
}

pub(crate) const fn rule(
    id: &'static str,
    verdicts: &[u8; 4],
    reference: &'static str,
    title: &'static str,
    why: &'static str,
) -> Rule {
    Rule { id, title, why, verdicts: letters(verdicts), reference }
}
