//! Texts of the inputs, which a run needs again only for a finding that shows a part of one.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use crdgen_schema::source::{STDIN, collect};
use crdgen_schema::{Diagnostic, Source};

use super::Input;
use crate::digest::Digest;

/// Texts that the CRDs of an input no longer have, since they take as much memory as the files.
#[derive(Debug, Default)]
pub struct Released {
    /// Length in bytes and digest of each text, by the name of its source.
    texts: HashMap<String, (usize, Digest)>,
}

impl Input {
    /// Removes the texts of files from the sources of the CRDs and of the findings about them. Standard input could not be
    /// read again, so its text stays.
    pub fn release_texts(&mut self, found: &mut [Diagnostic]) -> Released {
        let digests: HashMap<_, _> = self.sources.iter().map(|(name, digest)| (name, *digest)).collect();
        let mut texts = HashMap::new();
        let of_crds = self.crds.iter_mut().map(|crd| &mut crd.source);
        let of_findings = found.iter_mut().filter_map(|found| found.place.as_mut()).map(|place| &mut place.source);
        for source in of_crds.chain(of_findings) {
            let Source { name, text } = &**source;
            if name == STDIN || text.is_empty() {
                continue;
            }
            let Some(digest) = digests.get(name) else { continue };
            texts.insert(name.clone(), (text.len(), *digest));
            *source = Arc::new(Source { name: name.clone(), text: String::new() });
        }
        Released { texts }
    }
}

impl Released {
    /// Gives the findings about CRDs their texts back, from the files. A finding loses its place if its file has changed.
    pub fn restore(&self, found: &mut [Diagnostic]) {
        let mut sources: HashMap<String, Option<Arc<Source>>> = HashMap::new();
        for found in found {
            let Some(place) = found.place.as_mut().filter(|place| place.source.text.is_empty()) else { continue };
            let name = &place.source.name;
            let Some((bytes, digest)) = self.texts.get(name) else { continue };
            let read = || collect(std::slice::from_ref(name), io::empty()).sources.pop();
            let source = sources.entry(name.clone()).or_insert_with(|| {
                read().filter(|source| source.text.len() == *bytes && Digest::of(&source.text) == *digest)
            });
            match source {
                Some(source) => place.source = source.clone(),
                None => found.place = None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::pipeline;

    const CRD: &str = include_str!("../../tests/data/widgets.yaml");

    fn released(path: &str) -> (Input, Released, Vec<Diagnostic>) {
        let mut input = pipeline::read(&[path.to_owned()], io::empty());
        let crd = &input.crds[0];
        let mut found = vec![Diagnostic::warning("crd::test", "a warning").at(&crd.source, crd.span)];
        let released = input.release_texts(&mut found);
        (input, released, found)
    }

    #[test]
    fn a_finding_gets_the_text_of_its_file_back_unless_the_file_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("widgets.yaml");
        fs::write(&file, CRD).unwrap();
        let path = file.to_str().unwrap();
        let (input, released, mut found) = released(path);
        assert!(input.crds.iter().all(|crd| crd.source.text.is_empty() && crd.source.name == path));
        assert_eq!(found[0].place.as_ref().unwrap().source.text, "");
        let mut late = found.clone();
        released.restore(&mut found);
        assert_eq!(found[0].place.as_ref().unwrap().source.text, CRD);
        fs::write(&file, CRD.replace("kind", "king")).unwrap();
        released.restore(&mut late);
        assert!(late[0].place.is_none());
    }

    #[test]
    fn the_text_of_standard_input_stays() {
        let mut input = pipeline::read(&["-".to_owned()], CRD.as_bytes());
        input.release_texts(&mut []).restore(&mut []);
        assert_eq!(input.crds[0].source.text, CRD);
    }
}
