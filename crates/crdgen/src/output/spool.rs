//! Texts of generated files between their making and their writing.
//!
//! The first texts are kept in memory. Beyond [`LIMIT`] they go to a temporary file without a name, which the system removes
//! however the process ends. So the memory of a run does not grow with its output.

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

#[cfg(feature = "cli")]
use std::{
    fs,
    io::{Read, Seek, SeekFrom, Write},
};

/// Bytes of text that are kept in memory.
#[cfg(feature = "cli")]
const LIMIT: usize = 8 << 20;

/// Text of a generated file.
#[derive(Clone, Debug)]
pub struct Text(Place);

#[derive(Clone, Debug)]
enum Place {
    Memory(Arc<String>),
    #[cfg(feature = "cli")]
    File {
        file: Arc<fs::File>,
        offset: u64,
        bytes: usize,
    },
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Place::Memory(Arc::new(text)))
    }
}

impl Text {
    /// Returns the text.
    ///
    /// # Errors
    ///
    /// The temporary file cannot be read.
    pub fn read(&self) -> io::Result<Cow<'_, str>> {
        match &self.0 {
            Place::Memory(text) => Ok(Cow::Borrowed(text)),
            #[cfg(feature = "cli")]
            Place::File { file, offset, bytes } => {
                let mut text = vec![0; *bytes];
                let mut file: &fs::File = file;
                file.seek(SeekFrom::Start(*offset))?;
                file.read_exact(&mut text)?;
                String::from_utf8(text).map(Cow::Owned).map_err(io::Error::other)
            }
        }
    }
}

/// Place for the texts of a run.
#[derive(Debug)]
#[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "the library keeps all texts in memory"))]
pub struct Spool {
    /// Folder of the temporary file.
    folder: PathBuf,
    in_memory: usize,
    #[cfg(feature = "cli")]
    file: Option<Arc<fs::File>>,
    end: u64,
}

impl Spool {
    /// Returns an empty spool whose temporary file would be in `folder`, or in the nearest folder above that exists.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            in_memory: 0,
            #[cfg(feature = "cli")]
            file: None,
            end: 0,
        }
    }

    /// Keeps a text. It stays in memory if there is no temporary file, such as beside a project that can only be read.
    pub fn keep(&mut self, text: String) -> Text {
        #[cfg(feature = "cli")]
        if self.in_memory + text.len() > LIMIT
            && let Some(place) = self.write(&text)
        {
            return Text(place);
        }
        self.in_memory += text.len();
        Text::from(text)
    }

    #[cfg(feature = "cli")]
    fn write(&mut self, text: &str) -> Option<Place> {
        let file = match &self.file {
            Some(file) => file.clone(),
            None => {
                let folder = self.folder.ancestors().find(|folder| folder.is_dir())?;
                self.file.insert(Arc::new(tempfile::tempfile_in(folder).ok()?)).clone()
            }
        };
        let mut writer: &fs::File = &file;
        writer.seek(SeekFrom::Start(self.end)).ok()?;
        writer.write_all(text.as_bytes()).ok()?;
        let offset = self.end;
        self.end += text.len() as u64;
        Some(Place::File { file, offset, bytes: text.len() })
    }
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::*;

    #[test]
    fn texts_beyond_the_limit_come_back_from_a_file_without_a_name() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::new(folder.path().join("missing/deep"));
        let texts = ["a".repeat(LIMIT), "b\u{e9}".repeat(3), "c".to_owned()];
        let kept: Vec<Text> = texts.iter().map(|text| spool.keep(text.clone())).collect();
        for (text, kept) in texts.iter().zip(&kept) {
            assert!(kept.read().unwrap() == text.as_str());
        }
        assert!(matches!(kept[0].0, Place::Memory(_)) && matches!(kept[2].0, Place::File { offset: 9, .. }));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
