//! Figures of all steps.

use std::collections::BTreeMap;

use anyhow::Result;
use crdgen_diff::{Finding, Proof};
use serde::Serialize;

use super::confirm::Confirmed;
use super::crdify::Explained;
use super::step::{Missed, Step, is_witnessed};

/// Least share of breaking findings with a witness, in percent.
const LEAST_WITNESSED: f64 = 95.0;

/// Maximum CPU time of a step on average, in seconds.
const MOST_SECONDS: f64 = 1.0;

/// Figures of the comparisons.
pub struct Report {
    figures: Figures,
    rules: BTreeMap<&'static str, Rule>,
    shows_unproven: bool,
    crdify: Option<Vec<Explained>>,
}

#[derive(Default, Serialize)]
struct Figures {
    steps: usize,
    findings: usize,
    unhandled: usize,
    breaking: usize,
    witnessed: usize,
    unproven: usize,
    missed: Vec<Missed>,
    objects: usize,
    versions_without_objects: usize,
    /// CPU time of comparing the releases and making witnesses.
    cpu_seconds: f64,
    /// CPU time of making and judging random objects.
    objects_cpu_seconds: f64,
    slowest_step_cpu_seconds: f64,
    /// Witnesses that an API server judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<Confirmed>,
}

/// Findings of one rule.
#[derive(Default)]
struct Rule {
    findings: usize,
    breaking: usize,
    witnessed: usize,
}

impl Report {
    pub fn new(shows_unproven: bool) -> Self {
        Self { figures: Figures::default(), rules: BTreeMap::new(), shows_unproven, crdify: None }
    }

    pub fn add(&mut self, name: &str, step: &Step) {
        let breaking: Vec<&Finding> = step.findings.iter().filter(|finding| finding.breaks_objects()).collect();
        let witnessed = breaking.iter().filter(|finding| is_witnessed(finding)).count();
        println!(
            "{name}: {} findings, {} break objects, {witnessed} with a witness, {} missed, {} objects, {:.2} s CPU",
            step.findings.len(),
            breaking.len(),
            step.missed.len(),
            step.objects,
            step.diff_seconds,
        );
        for missed in &step.missed {
            println!("  missed: {} {}: {}", missed.crd, missed.path, missed.breach);
        }
        for finding in breaking.iter().filter(|finding| self.shows_unproven && !is_witnessed(finding)) {
            let reason = match &finding.proof {
                Proof::Unproven(reason) => reason.as_str(),
                Proof::None | Proof::Witness(_) => "",
            };
            println!("  unproven: {} {} {}: {reason}", finding.rule.id, finding.crd, finding.path);
        }
        for finding in &step.findings {
            let rule = self.rules.entry(finding.rule.id).or_default();
            rule.findings += 1;
            rule.breaking += usize::from(finding.breaks_objects());
            rule.witnessed += usize::from(finding.breaks_objects() && is_witnessed(finding));
        }
        let figures = &mut self.figures;
        figures.steps += 1;
        figures.findings += step.findings.len();
        figures.unhandled += step.findings.iter().filter(|finding| finding.rule.id == "unhandled").count();
        figures.breaking += breaking.len();
        figures.witnessed += witnessed;
        figures.unproven += breaking.len() - witnessed;
        figures.missed.extend(step.missed.iter().cloned());
        figures.objects += step.objects;
        figures.versions_without_objects += step.without_objects;
        figures.cpu_seconds += step.diff_seconds;
        figures.objects_cpu_seconds += step.objects_seconds;
        figures.slowest_step_cpu_seconds = figures.slowest_step_cpu_seconds.max(step.diff_seconds);
    }

    /// Adds the findings of another tool, each with what crdgen says.
    pub fn crdify(&mut self, explained: Vec<Explained>) {
        self.crdify = Some(explained);
    }

    /// Adds the answers of an API server.
    pub fn confirmed(&mut self, confirmed: Confirmed) {
        self.figures.server = Some(confirmed);
    }

    pub fn finish(&self, json: bool) -> Result<()> {
        println!("\n{:<34} {:>8} {:>8} {:>9}", "rule", "findings", "breaking", "witnessed");
        for (id, Rule { findings, breaking, witnessed }) in &self.rules {
            println!("{id:<34} {findings:>8} {breaking:>8} {witnessed:>9}");
        }
        if let Some(explained) = &self.crdify {
            super::crdify::print(explained);
        }
        let Figures { steps, findings, unhandled, breaking, witnessed, missed, objects, .. } = &self.figures;
        println!(
            "\n{steps} steps, {findings} findings, {unhandled} unhandled; {witnessed} of {breaking} that break objects have a \
             witness ({:.1} %); {} missed by {objects} random objects",
            self.share(),
            missed.len(),
        );
        println!(
            "{:.2} s CPU, at most {:.2} s a step; {:.1} s CPU for random objects",
            self.figures.cpu_seconds, self.figures.slowest_step_cpu_seconds, self.figures.objects_cpu_seconds
        );
        if let Some(Confirmed { sample, confirmed, skipped, denied }) = &self.figures.server {
            println!(
                "API server: {confirmed} of {sample} witnesses confirmed, {} denied, {skipped} skipped",
                denied.len()
            );
        }
        if json {
            println!("{}", serde_json::to_string(&self.figures)?);
        }
        Ok(())
    }

    fn share(&self) -> f64 {
        match self.figures.breaking {
            0 => 100.0,
            breaking => 100.0 * self.figures.witnessed as f64 / breaking as f64,
        }
    }

    pub fn is_good(&self) -> bool {
        let Figures { steps, unhandled, missed, cpu_seconds, .. } = &self.figures;
        let is_explained = self.crdify.as_ref().is_none_or(|all| all.iter().all(Explained::is_explained));
        *unhandled == 0
            && missed.is_empty()
            && self.share() >= LEAST_WITNESSED
            && *cpu_seconds <= MOST_SECONDS * *steps as f64
            && is_explained
            && self.figures.server.as_ref().is_none_or(|server| server.denied.is_empty())
    }
}
