//! Settings of a run, as the build script gives them.

use std::path::PathBuf;

use crdgen::pipeline::Versions;
use crdgen_emit::rust;

/// Settings of a run. A setting that is not given is taken from the config file, or is a default.
#[derive(Default)]
pub struct Settings {
    pub inputs: Vec<String>,
    pub config: Option<PathBuf>,
    pub versions: Option<Versions>,
    pub kinds: Vec<String>,
    pub axum: bool,
    /// Changes to the Rust options of the config file, in the order of the calls.
    pub rust: Vec<Choice>,
    pub out_dir: Option<PathBuf>,
    pub file_name: Option<String>,
    pub lock: Option<PathBuf>,
}

type Choice = Box<dyn Fn(&mut rust::Options)>;
