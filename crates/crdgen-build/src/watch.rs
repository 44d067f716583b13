//! Paths that cargo watches: the files that were read, and the folders in which a new file would be read too.
//!
//! Cargo watches a folder with everything below it. A folder that contains cargo's own output would always be
//! newer, so it cannot be watched.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use path_clean::PathClean;

/// Paths to watch for the inputs and the files found in them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// Files and folders, relative to the same folder as the inputs.
    pub paths: BTreeSet<PathBuf>,
    /// Inputs in which cargo will not notice new files.
    pub blind: Vec<String>,
}

impl Watch {
    /// Decides which paths to watch. `sources` are the names of the files that were read. `out_dir` and
    /// `working_directory` are absolute.
    pub fn new(inputs: &[String], sources: &[&str], out_dir: &Path, working_directory: &Path) -> Self {
        let mut watch = Self::default();
        for input in inputs {
            let place = place(input);
            match out_dir.starts_with(working_directory.join(&place).clean()) {
                true => watch.blind.push(input.clone()),
                false => {
                    watch.paths.insert(place);
                }
            }
        }
        watch.paths.extend(sources.iter().map(PathBuf::from));
        watch
    }
}

/// Returns the file or folder that an input names; for a glob the folder that contains all its matches.
fn place(input: &str) -> PathBuf {
    let path = Path::new(input);
    if path.exists() || !input.contains(['*', '?', '[']) {
        return path.to_owned();
    }
    let fixed = path.components().take_while(|part| !part.as_os_str().to_string_lossy().contains(['*', '?', '[']));
    let folder: PathBuf = fixed.collect();
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch(inputs: &[&str]) -> (Vec<String>, Vec<String>) {
        let inputs: Vec<_> = inputs.iter().map(|input| input.to_string()).collect();
        let sources = ["no/a.yaml"];
        let watch = Watch::new(&inputs, &sources, Path::new("/p/target/debug/build/x/out"), Path::new("/p"));
        (watch.paths.iter().map(|path| path.to_string_lossy().into_owned()).collect(), watch.blind)
    }

    #[test]
    fn files_folders_and_the_folder_of_a_glob() {
        assert_eq!(watch(&["no", "no/a.yaml"]).0, ["no", "no/a.yaml"]);
        assert_eq!(watch(&["no/*/b-?.yaml"]).0, ["no", "no/a.yaml"]);
        assert_eq!(watch(&["../no/**/*.yaml"]).0, ["../no", "no/a.yaml"]);
    }

    #[test]
    fn what_cargo_writes_into_is_not_watched_and_that_is_said() {
        for input in ["*.yaml", ".", "target", "../p/**/*.yaml", "../*/crds/*.yaml"] {
            assert_eq!(watch(&[input]), (vec!["no/a.yaml".to_owned()], vec![input.to_owned()]), "{input}");
        }
    }

    #[test]
    fn a_file_whose_name_looks_like_a_glob_is_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a[1].yaml");
        std::fs::write(&file, "").unwrap();
        assert_eq!(place(&file.to_string_lossy()), file);
        assert_eq!(place(&folder.path().join("b[1].yaml").to_string_lossy()), folder.path());
    }
}
