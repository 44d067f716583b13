//! `objects`: makes objects of every version of every CRD of a collection, and counts those that an API server's
//! admission accepts.

use std::path::PathBuf;

use anyhow::Result;
use cpu_time::ProcessTime;
use crdgen_harness::Verdict;
use crdgen_objects::{Objects, Unmade};
use crdgen_schema::Admission;
use crdgen_schema::crd::{Crd, Version};
use serde_json::Value;

use crate::{corpus, optimised};

/// Make objects of all CRDs of a collection: minimal, full and random ones.
#[derive(clap::Args)]
pub struct Args {
    /// CRD files in one folder a project: a folder, or a .tar.xz of one [default: $CRDGEN_CORPUS/corpus/crds.tar.xz]
    #[arg(long, value_name = "PATH")]
    crds: Option<PathBuf>,
    /// Number of random objects of a version.
    #[arg(long, value_name = "N", default_value_t = 3)]
    random: u32,
    /// Print the reason for each object that is not made.
    #[arg(long)]
    reasons: bool,
}

/// Least share of versions with a minimal object, in percent.
const LEAST_MINIMAL: f64 = 99.0;

/// Least share of versions with a full object, in percent.
const LEAST_FULL: f64 = 97.0;

/// Makes the objects and prints the shares. A debug build starts an optimised build of the task.
pub fn run(args: &Args) -> Result<Verdict> {
    if cfg!(debug_assertions) {
        return optimised::rerun("objects");
    }
    let path = args.crds.clone().unwrap_or_else(corpus::default_path);
    let start = ProcessTime::now();
    let mut kinds = Kinds::default();
    for project in corpus::projects(&path)? {
        for crd in project.sets().sets.iter().flat_map(|set| &set.crds) {
            crd.versions.iter().for_each(|version| kinds.make(crd, version, args));
        }
    }
    println!("{:<8} {:>8} {:>8} {:>8} {:>9}", "objects", "wanted", "made", "share", "CPU s");
    for (name, made) in [("minimal", &kinds.minimal), ("full", &kinds.full), ("random", &kinds.random)] {
        println!("{name:<8} {:>8} {:>8} {:>6.2} % {:>9.2}", made.wanted, made.made, made.share(), made.seconds);
    }
    println!("{:.2} fields in a hundred of those declared are in full objects", kinds.covered());
    println!(
        "{:.1} s CPU with reading; {} objects are refused although they were made",
        start.elapsed().as_secs_f64(),
        kinds.refused
    );
    let is_good = kinds.minimal.share() >= LEAST_MINIMAL && kinds.full.share() >= LEAST_FULL && kinds.refused == 0;
    Ok(if is_good { Verdict::Good } else { Verdict::Findings })
}

/// Objects of one kind: minimal, full or random.
#[derive(Default)]
struct Made {
    wanted: usize,
    made: usize,
    seconds: f64,
}

impl Made {
    fn share(&self) -> f64 {
        100.0 * self.made as f64 / self.wanted.max(1) as f64
    }
}

#[derive(Default)]
struct Kinds {
    minimal: Made,
    full: Made,
    random: Made,
    /// Objects that were made and that admission refuses.
    refused: usize,
    /// Fields in full objects, and fields that the schemas declare.
    fields: (usize, usize),
}

impl Kinds {
    fn make(&mut self, crd: &Crd, version: &Version, args: &Args) {
        let objects = Objects::for_version(crd, version);
        let admission = Admission::for_version(crd, version);
        let mut rng = fastrand::Rng::with_seed(1);
        let (mut refused, mut fields) = (0, 0);
        let mut add = |made: &mut Made, kind: &str, make: &mut dyn FnMut() -> Result<Value, Unmade>| {
            let start = ProcessTime::now();
            let object = make();
            made.seconds += start.elapsed().as_secs_f64();
            made.wanted += 1;
            match object {
                Ok(object) => {
                    made.made += 1;
                    let verdict = admission.validate(&object, None);
                    refused += usize::from(!(verdict.is_accepted() && verdict.is_decided()));
                    fields = count(&object);
                }
                Err(unmade) if args.reasons => println!("{kind} {} {}: {unmade}", crd.name, version.name),
                Err(_) => {}
            }
        };
        add(&mut self.minimal, "minimal", &mut || objects.minimal());
        for _ in 0..args.random {
            add(&mut self.random, "random", &mut || objects.random(&mut rng));
        }
        add(&mut self.full, "full", &mut || objects.full());
        self.refused += refused;
        self.fields.0 += fields;
        self.fields.1 += declared(version);
    }

    fn covered(&self) -> f64 {
        100.0 * self.fields.0 as f64 / self.fields.1.max(1) as f64
    }
}

/// Returns the number of fields in a value.
fn count(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields.len() + fields.values().map(count).sum::<usize>(),
        Value::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    }
}

/// Returns the number of fields that a version declares, without those of a status that is a subresource.
fn declared(version: &Version) -> usize {
    let is_written = |name: &str| !(version.status && name == "status");
    let properties = version.schema.properties.iter().filter(|(name, _)| is_written(name));
    properties.map(|(_, schema)| 1 + fields(schema)).sum()
}

fn fields(schema: &crdgen_schema::Schema) -> usize {
    use crdgen_schema::schema::Additional;
    let values = match &schema.additional_properties {
        Some(Additional::Schema(values)) => 1 + fields(values),
        _ => 0,
    };
    let properties: usize = schema.properties.values().map(|property| 1 + fields(property)).sum();
    properties + values + schema.items.as_deref().map_or(0, fields)
}
