//! Files for the programs: an object in each file, the CRDs, and their schemas as kubeconform reads them.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use crdgen_harness::workspace;
use crdgen_schema::{Admission, Crd, Source, source};
use serde_json::Value as Json;

use crate::corpus;
use crate::verdicts::case;

/// An object with the server's verdict.
pub struct Case {
    /// Name of the file, without its folder.
    pub file: String,
    pub is_accepted: bool,
    pub has_unknown_fields: bool,
}

pub struct Inputs {
    pub folder: PathBuf,
    pub cases: Vec<Case>,
    /// Number of CRDs.
    pub crds: usize,
}

impl Inputs {
    /// Folder of the objects.
    pub const OBJECTS: &'static str = "objects";
    /// Folder of the CRDs.
    pub const CRDS: &'static str = "crds";
    /// Folder of the schemas: `{group}/{kind in lower case}_{version}.json`.
    pub const SCHEMAS: &'static str = "schemas";

    /// Writes the files of all cases whose CRD can be used beside the others: of several CRDs with one name, the first
    /// that a case names.
    pub fn write(folder: &Path, cases: &Path, crds: &Path) -> Result<Self> {
        let files: Vec<_> = corpus::projects(crds)?.into_iter().flat_map(|project| project.files).collect();
        let mut used: HashMap<String, Used> = HashMap::new();
        let mut read: HashMap<String, Vec<Crd>> = HashMap::new();
        let mut written = BTreeMap::new();
        let mut found = Vec::new();
        case::for_each(cases, |case| {
            let (Some(name), Some(object), Some(is_accepted)) = (&case.crd, &case.object, case.ok()) else {
                return Ok(());
            };
            let Some(file) = files.iter().find(|file| corpus::is_file(&file.name, name)) else { return Ok(()) };
            let crds = read.entry(name.clone()).or_insert_with(|| corpus::crds(file, &mut Vec::new()));
            let Some(crd) = crd_of(crds, object) else { return Ok(()) };
            let used = used.entry(crd.name.clone()).or_insert_with(|| Used::new(file, crd));
            let version = object["apiVersion"].as_str().and_then(|text| text.split('/').nth(1)).unwrap_or_default();
            let Some(admission) = used.admissions.get(version).filter(|_| used.file.name == file.name) else {
                return Ok(());
            };
            let path = format!("{:05}.json", found.len());
            written.insert(format!("{}/{path}", Self::OBJECTS), object.to_string());
            let has_unknown_fields = !admission.unknown_fields(object).is_empty();
            found.push(Case { file: path, is_accepted, has_unknown_fields });
            Ok(())
        })
        .with_context(|| format!("cannot read {}", cases.display()))?;
        for used in used.values() {
            written.extend(used.files());
        }
        workspace::mirror(folder, &written)?;
        Ok(Self { folder: folder.to_owned(), cases: found, crds: used.len() })
    }
}

fn crd_of<'c>(crds: &'c [Crd], object: &Json) -> Option<&'c Crd> {
    let group = object["apiVersion"].as_str()?.split('/').next()?;
    crds.iter().find(|crd| crd.group == group && object["kind"] == *crd.names.kind)
}

/// A CRD of the comparison.
struct Used {
    file: Arc<Source>,
    name: String,
    /// Served versions.
    admissions: HashMap<String, Admission>,
}

impl Used {
    fn new(file: &Arc<Source>, crd: &Crd) -> Self {
        let served = crd.versions.iter().filter(|version| version.served);
        let admissions = served.map(|version| (version.name.clone(), Admission::for_version(crd, version)));
        Self { file: file.clone(), name: crd.name.clone(), admissions: admissions.collect() }
    }

    /// Returns the CRD as JSON, and the schema of each version.
    fn files(&self) -> Vec<(String, String)> {
        let documents = source::documents(&self.file, &mut Vec::new());
        let is_meant = |crd: &Json| crd["metadata"]["name"] == *self.name && crd["kind"] == "CustomResourceDefinition";
        let mut crds = documents.iter().map(|document| document.root.to_json());
        let Some(crd) = crds.find(is_meant) else { return Vec::new() };
        // JSON is YAML; kubectl-validate reads no other extension.
        let mut files = vec![(format!("{}/{}.yaml", Inputs::CRDS, self.name), crd.to_string())];
        let (group, kind) = (&crd["spec"]["group"], &crd["spec"]["names"]["kind"]);
        for version in crd["spec"]["versions"].as_array().into_iter().flatten() {
            let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
            let name = format!("{}_{}.json", text(kind).to_ascii_lowercase(), text(&version["name"]));
            let schema = version["schema"]["openAPIV3Schema"].to_string();
            files.push((format!("{}/{}/{name}", Inputs::SCHEMAS, text(group)), schema));
        }
        files
    }
}
