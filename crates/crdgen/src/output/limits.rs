//! Limits of a run: the files that it may remove, and the files that it may replace.

/// The recorded files that a run may remove if it does not want them any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All files of the project. Its config file names every target.
    Project,
    /// Files in the folders of the run's targets. The command line may name only some of the targets.
    Targets,
    /// No files. Some CRDs failed, so the files that they had are kept.
    Nothing,
}

/// The treatment of files that were edited by hand or that crdgen did not write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnConflict {
    /// Write nothing at all.
    Stop,
    /// Replace these files with the wanted ones.
    Overwrite,
}
