//! Report of the results, as text and as JSON.

use anyhow::Result;
use crdgen_harness::Verdict;
use jsonschema::Validator;
use serde::Serialize;
use serde_json::Value;

use super::case::Case;
use super::judge::Schemas;

/// Figures over all cases.
#[derive(Default, Serialize)]
pub struct Report {
    /// Stored objects that pass the read schema.
    stored: Figure,
    /// Number of stored objects that fail the read schema because the server pruned them with the schema of the storage
    /// version, without a webhook to convert them.
    unconverted: usize,
    /// Accepted objects that pass the write schema as they were sent.
    accepted: Figure,
    /// Number of accepted objects that pass only without `status`, which the server drops silently if it is a
    /// subresource.
    without_status: usize,
    /// Number of accepted objects that pass only without nulls that are no values, which the server drops silently.
    without_nulls: usize,
    /// Accepted objects with a warning about unknown fields that the write schema refuses.
    unknown_fields: Figure,
    /// Refused objects that the write schema refuses too. CEL rules, names and more are checked only by the server.
    refused: Figure,
    missed: Vec<Missed>,
}

/// Number of objects, and of those that agree with the server.
#[derive(Default, Serialize)]
struct Figure {
    objects: usize,
    agreed: usize,
}

#[derive(Serialize)]
struct Missed {
    id: String,
    path: String,
    #[serde(skip)]
    line: String,
}

impl Report {
    /// Counts a case. An accepted case without schemas is a miss.
    pub fn add(&mut self, case: &Case, schemas: Option<&Schemas>) {
        let Some(schemas) = schemas else {
            if case.ok {
                self.miss(case, String::new(), "no schema was generated");
            }
            return;
        };
        if !case.ok {
            return self.refused.count(!schemas.write.is_valid(&case.object));
        }
        if let Some(stored) = &case.stored {
            match schemas.is_storage || schemas.read.is_valid(stored) {
                true => {
                    let agreed = self.all_errors(case, "as read", &schemas.read, stored);
                    self.stored.count(agreed);
                }
                false => self.unconverted += 1,
            }
        }
        match case.warnings.iter().any(|warning| warning.contains("unknown field")) {
            true => self.unknown_fields.count(!schemas.write.is_valid(&case.object)),
            false => self.accepted(case, &schemas.write),
        }
    }

    fn accepted(&mut self, case: &Case, write: &Validator) {
        let mut object = case.object.clone();
        let agreed = write.is_valid(&object)
            || {
                object.as_object_mut().and_then(|object| object.remove("status"));
                let agreed = write.is_valid(&object);
                self.without_status += usize::from(agreed);
                agreed
            }
            || {
                drop_nulls(&mut object);
                let agreed = write.is_valid(&object);
                self.without_nulls += usize::from(agreed);
                agreed
            }
            || self.all_errors(case, "as written", write, &object);
        self.accepted.count(agreed);
    }

    /// Records every error and returns whether there was none.
    fn all_errors(&mut self, case: &Case, form: &str, schema: &Validator, object: &Value) -> bool {
        let mut agreed = true;
        for error in schema.iter_errors(object) {
            agreed = false;
            let message = error.to_string();
            let short: String = message.chars().take(200).collect();
            self.miss(case, error.instance_path().to_string(), &format!("{form}: {short}"));
        }
        agreed
    }

    fn miss(&mut self, case: &Case, path: String, message: &str) {
        let line = format!("{} ({}): {path}: {message}", case.id, case.crd);
        self.missed.push(Missed { id: case.id.clone(), path, line });
    }

    /// Prints every miss with its path, and then the figures.
    pub fn print(&self, json: bool) -> Result<()> {
        self.missed.iter().for_each(|missed| println!("{}", missed.line));
        println!(
            "{} of {} stored objects pass as read; {} more were pruned by another version's schema",
            self.stored.agreed, self.stored.objects, self.unconverted
        );
        println!(
            "{} of {} accepted objects pass as written ({} without their status, {} without nulls that are dropped)",
            self.accepted.agreed, self.accepted.objects, self.without_status, self.without_nulls
        );
        println!("{} of {} with unknown fields are refused", self.unknown_fields.agreed, self.unknown_fields.objects);
        println!("{} of {} refused objects are refused here too", self.refused.agreed, self.refused.objects);
        if json {
            println!("{}", serde_json::to_string(self)?);
        }
        Ok(())
    }

    /// Returns `Findings` if a schema refused an object that the server accepted.
    pub fn verdict(&self) -> Verdict {
        if self.missed.is_empty() { Verdict::Good } else { Verdict::Findings }
    }
}

impl Figure {
    fn count(&mut self, agreed: bool) {
        self.objects += 1;
        self.agreed += usize::from(agreed);
    }
}

/// Removes fields that are null, at any depth. Items of lists stay, as the server does not drop them.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}
