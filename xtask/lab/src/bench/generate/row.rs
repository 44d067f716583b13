//! Rows of the comparison: figures and their targets.

use serde::Serialize;

/// A comparison: the figure of crdgen, that of another program or none, and the target.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Work that is done.
    pub work: String,
    /// Figure of crdgen.
    pub crdgen: f64,
    /// Name and figure of the other program.
    pub peer: Option<(String, f64)>,
    /// Unit of the figures.
    pub unit: &'static str,
    /// Limit for the figure of crdgen, or for its share of the peer's figure.
    pub target: Target,
    /// Whether the target is reached.
    pub holds: bool,
}

/// Target of a row.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Largest figure of crdgen.
    AtMost(f64),
    /// Largest share of the peer's figure.
    Share(f64),
}

impl Row {
    pub fn new(work: &str, unit: &'static str, crdgen: f64, peer: Option<(&str, f64)>, target: Target) -> Self {
        let holds = match (target, peer) {
            (Target::AtMost(limit), _) => crdgen <= limit,
            (Target::Share(share), Some((_, peer))) => crdgen <= share * peer,
            (Target::Share(_), None) => false,
        };
        let peer = peer.map(|(name, figure)| (name.to_owned(), figure));
        Self { work: work.to_owned(), crdgen, peer, unit, target, holds }
    }
}
