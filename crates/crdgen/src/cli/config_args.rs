//! Options that choose the config file.

use std::path::PathBuf;

use crate::project::ConfigFile;

/// Choice of the config file.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct ConfigArgs {
    /// Use this config file
    #[arg(short, long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,

    /// Read no config file
    #[arg(long)]
    no_config: bool,
}

impl ConfigArgs {
    /// Chooses `file`.
    pub(super) fn at(file: PathBuf) -> Self {
        Self { config: Some(file), no_config: false }
    }

    /// Returns the config file to read.
    pub(super) fn file(&self) -> ConfigFile {
        match &self.config {
            Some(file) => ConfigFile::At(file.clone()),
            None if self.no_config => ConfigFile::None,
            None => ConfigFile::Find,
        }
    }
}
