//! Reads a `Backup` as JSON from standard input and says in a sentence what it asks for.

use std::error::Error;
use std::io;

use generated::storage_example_com::v1::Backup;

mod generated {
    include!(concat!(env!("OUT_DIR"), "/crdgen.rs"));
}

fn main() -> Result<(), Box<dyn Error>> {
    let backup: Backup = serde_json::from_reader(io::stdin())?;
    println!("{}", sentence(&backup));
    Ok(())
}

fn sentence(backup: &Backup) -> String {
    let spec = &backup.spec;
    let schedule = spec.schedule.as_deref().unwrap_or("@daily");
    let copies = spec.keep.map_or_else(|| "all copies".to_owned(), |keep| format!("the last {keep} copies"));
    format!("copies {} {schedule} and keeps {copies}", spec.volume)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::generated::storage_example_com::v1::backup::BackupSpecMode;
    use super::*;

    fn object() -> Value {
        json!({
            "apiVersion": "storage.example.com/v1",
            "kind": "Backup",
            "metadata": { "name": "db" },
            "spec": { "volume": "db-data", "keep": 7, "mode": "Differential" },
            "status": { "copies": [{ "takenAt": "2026-01-01T00:00:00Z", "bytes": 1024 }] },
        })
    }

    #[test]
    fn the_types_are_those_of_the_crd() {
        let backup: Backup = serde_json::from_value(object()).unwrap();
        assert_eq!(sentence(&backup), "copies db-data @daily and keeps the last 7 copies");
        assert_eq!(backup.status.as_ref().unwrap().copies.as_ref().unwrap()[0].bytes, 1024);
    }

    #[test]
    fn a_mode_that_a_newer_server_knows_is_kept() {
        let backup: Backup = serde_json::from_value(object()).unwrap();
        assert_eq!(backup.spec.mode, Some(BackupSpecMode::Unknown("Differential".to_owned())));
        assert_eq!(serde_json::to_value(&backup).unwrap(), object());
    }
}
