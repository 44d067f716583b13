//! Tables of `sharing`, and its JSON object.

use serde::Serialize;

use super::shapes::Counts;
use super::uses::Use;

/// CRD or project, number of types that kopium 0.24.1 emits for one version of each CRD, and number of those that
/// differ in their fields.
const KOPIUM: [(&str, usize, usize); 5] = [
    ("prometheuses.monitoring.coreos.com", 500, 175),
    ("postgresclusters.postgres-operator.crunchydata.com", 647, 114),
    ("workflows.argoproj.io", 2483, 207),
    ("perconaservermongodbs.psmdb.percona.com", 1974, 167),
    ("prometheus-operator", 2154, 224),
];

/// Everything that was counted.
#[derive(Default, Serialize)]
pub struct Report {
    counted: Vec<Row>,
    most_used: Vec<Use>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    crds: usize,
    #[serde(flatten)]
    counts: Counts,
    types_per_shape: f64,
    kopium_types: Option<usize>,
    kopium_shapes: Option<usize>,
}

impl Report {
    /// Adds a row to the table.
    pub fn add(&mut self, name: &str, crds: usize, counts: Counts) {
        let kopium = KOPIUM.iter().find(|(known, ..)| *known == name);
        self.counted.push(Row {
            name: name.to_owned(),
            crds,
            counts,
            types_per_shape: counts.types as f64 / counts.shapes.max(1) as f64,
            kopium_types: kopium.map(|(_, types, _)| *types),
            kopium_shapes: kopium.map(|(.., shapes)| *shapes),
        });
    }

    /// Prints the table of types and shapes.
    pub fn print(&self) {
        println!(
            "A shape: the fields of an object (wire name, required, nullable, type down to the leaves), or the values of"
        );
        println!("an enum; without documentation, defaults, bounds and rules. CRDs alone: their stored version.\n");
        println!(
            "{:<52} {:>4} {:>7} {:>7} {:>6} {:>6} {:>6} {:>8} {:>6}",
            "", "CRDs", "places", "objects", "shapes", "types", "ratio", "kopium's", "ratio"
        );
        for row in &self.counted {
            let Counts { places, objects, shapes, types } = row.counts;
            print!("{:<52} {:>4} {places:>7} {objects:>7} {shapes:>6} {types:>6}", row.name, row.crds);
            print!(" {:>6.2}", row.types_per_shape);
            match row.kopium_types.zip(row.kopium_shapes) {
                Some((types, shapes)) => println!(" {types:>8} {:>6.2}", types as f64 / shapes as f64),
                None => println!(),
            }
        }
    }

    /// Prints and stores the list of shared types.
    pub fn uses(&mut self, most_used: Vec<Use>) {
        println!("\nthe shared types that stand at most places, all CRDs in one run:");
        for (index, found) in most_used.iter().enumerate() {
            println!("{:>3}. {}: {} places in {} CRDs", index + 1, found.name, found.places, found.crds);
            println!("     {{ {} }}", short(&found.members));
            let properties: Vec<_> = found.properties.iter().map(|(name, count)| format!("{name} {count}")).collect();
            println!("     as {}", short(&properties));
            found.examples.iter().for_each(|path| println!("     {path}"));
        }
        self.most_used = most_used;
    }

    /// Prints the report as JSON.
    pub fn json(&self) -> serde_json::Result<()> {
        println!("{}", serde_json::to_string(self)?);
        Ok(())
    }
}

/// Returns the first elements of a list as text.
fn short(list: &[String]) -> String {
    const SHOWN: usize = 9;
    let shown = list.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    match list.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
