//! Entry of the table of codes, and group of entries.

/// Entry of the table of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Code as a diagnostic prints it, for example `source::yaml`.
    pub code: &'static str,
    /// One sentence without a full stop.
    pub title: &'static str,
    /// Reason why the diagnostic is reported, as Markdown.
    pub cause: &'static str,
    /// Advice for the user, as Markdown.
    pub help: &'static str,
}

/// Group of codes with the same first word or words.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// Noun phrase for a heading.
    pub title: &'static str,
    /// Entries, sorted by code.
    pub entries: &'static [Entry],
}
