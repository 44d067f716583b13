//! Random objects as additional cases. They are the same in every run.

use anyhow::{Result, anyhow};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::cases::Case;
use super::types::Types;

/// Returns a number of objects for every kind that has a type.
pub fn cases(types: &Types, count: u32) -> Result<Vec<Case>> {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let mut cases = Vec::new();
    for (kind, root) in &types.roots {
        let objects = crdgen_strategies::objects(&kind.api_version, &kind.kind, &root.schema);
        for index in 0..count {
            let object = objects.new_tree(&mut runner).map_err(|reason| anyhow!("{}: {reason}", kind.kind))?.current();
            let id = format!("{}.{}#random{index}", kind.kind, kind.api_version);
            cases.push(Case { id, crd: kind.file.clone(), object });
        }
    }
    Ok(cases)
}
