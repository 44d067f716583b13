//! Every rule has a pair of CRDs (`fixtures/diff`). A rule fires on its pair, and on no other pair that does not list it.

mod fixtures;

use std::collections::{BTreeMap, BTreeSet};

use crdgen_diff::{compare, peers, rules};
use fixtures::Pair;

fn fired(pair: &Pair) -> BTreeSet<&'static str> {
    compare(&pair.old, &pair.new).iter().map(|finding| finding.rule.id).collect()
}

#[test]
fn each_rule_fires_on_its_pair_and_on_no_other() {
    for pair in fixtures::pairs() {
        let wanted: BTreeSet<&str> = pair.also.iter().map(String::as_str).chain([pair.rule.as_str()]).collect();
        assert_eq!(fired(&pair), wanted, "pair of `{}`", pair.rule);
    }
}

#[test]
fn each_rule_has_one_pair() {
    let mut pairs: BTreeMap<String, usize> = BTreeMap::new();
    fixtures::pairs().into_iter().for_each(|pair| *pairs.entry(pair.rule).or_default() += 1);
    let mut rules: BTreeMap<String, usize> = rules::all().map(|rule| (rule.id.to_owned(), 1)).collect();
    // A difference that no rule describes cannot be written in a CRD.
    rules.remove("unhandled");
    assert_eq!(pairs, rules);
}

#[test]
fn a_difference_without_a_rule_is_unhandled() {
    let pair = fixtures::pairs().remove(0);
    let old = if pair.old.is_empty() { pair.new } else { pair.old };
    let mut new = old.clone();
    // A server refuses `uniqueItems: true`, so no rule describes it.
    std::sync::Arc::make_mut(&mut new[0].versions[0].schema).unique_items = true;
    let findings = compare(&old, &new);
    assert_eq!(findings.iter().map(|finding| finding.rule.id).collect::<Vec<_>>(), ["unhandled"]);
    assert!(findings[0].breaks_objects());
}

#[test]
fn each_check_of_another_tool_has_rules_that_fire() {
    let fired: BTreeSet<&str> = fixtures::pairs().iter().flat_map(fired).collect();
    for check in peers::CHECKS {
        for rule in check.rules {
            assert!(rules::find(rule).is_some(), "`{}` of {} names `{rule}`", check.name, check.tool);
            assert!(fired.contains(rule) || *rule == "unhandled", "`{rule}` fires on no pair");
        }
    }
    let count = |tool| peers::CHECKS.iter().filter(|check| check.tool == tool).count();
    // 18 checks of crdify, and its report of everything else.
    assert_eq!((count("crdify"), count("crd-schema-checker")), (19, 5));
}

#[test]
fn equal_crds_have_no_findings() {
    for pair in fixtures::pairs() {
        assert!(compare(&pair.old, &pair.old).is_empty(), "old side of `{}`", pair.rule);
        assert!(compare(&pair.new, &pair.new).is_empty(), "new side of `{}`", pair.rule);
    }
}

#[test]
fn ids_are_unique_and_in_kebab_case() {
    let ids: BTreeSet<_> = rules::all().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), rules::all().count());
    let is_kebab =
        |id: &str| id.split('-').all(|word| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase()));
    assert!(ids.iter().all(|id| is_kebab(id)));
}
