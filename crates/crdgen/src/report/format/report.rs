//! Findings of a command, as each format reads them.

use std::collections::HashMap;

use crate::report::{Finding, Level};

/// Findings of a command.
#[derive(Clone, Debug)]
pub struct Report {
    /// Name of the command, for example `crdgen lint`.
    pub command: &'static str,
    /// Findings in the order in which text shows them.
    pub findings: Vec<Finding>,
    /// Result in one line, without a line break.
    pub summary: String,
    /// File to which formats attach findings without a place of their own, for example `crdgen.toml`.
    pub anchor: String,
}

impl Report {
    /// Returns the number of findings of a level.
    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.level == level).count()
    }

    /// Returns each finding with its fingerprint. No two findings of a report have one fingerprint.
    pub(crate) fn with_fingerprints(&self) -> impl Iterator<Item = (&Finding, String)> {
        let mut seen: HashMap<_, usize> = HashMap::new();
        self.findings.iter().map(move |finding| {
            let first = finding.fingerprint(0);
            let before = seen.entry(first.clone()).or_default();
            let fingerprint = if *before == 0 { first } else { finding.fingerprint(*before) };
            *before += 1;
            (finding, fingerprint)
        })
    }

    /// Returns the file, line and column of a finding, and the first line of the anchor if it has no place.
    pub(super) fn place<'a>(&'a self, finding: &'a Finding) -> (String, usize, usize) {
        let place = finding.diagnostic.place.as_ref();
        let name = place.map_or(self.anchor.as_str(), |place| place.source.name.as_str());
        let (line, column) = place.map_or((1, 1), |place| (place.span.line, place.span.column));
        (portable(name), line, column)
    }
}

/// Returns a path with `/` and without `./` at its start.
fn portable(path: &str) -> String {
    let path = path.replace('\\', "/");
    path.strip_prefix("./").unwrap_or(&path).to_owned()
}

/// Returns the message of a finding, with the help on a line of its own.
pub(super) fn message_and_help(finding: &Finding) -> String {
    let message = &finding.diagnostic.message;
    match &finding.diagnostic.help {
        Some(help) => format!("{message}\n{help}"),
        None => message.clone(),
    }
}
