//! `[lint]`: levels of the rules of `crdgen lint`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crdgen_schema::{Diagnostic, Source, nearest};
use serde::Deserialize;
use toml::Spanned;

use crate::lint::{Setting, Settings, rules};
use crate::toml_place;

/// Settings of `[lint]`: the level of each rule by its id, and `all` for the other rules.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Lint(BTreeMap<Spanned<String>, Setting>);

impl Lint {
    pub(super) fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        for (id, setting) in &self.0 {
            settings.set(id.get_ref(), *setting);
        }
        settings
    }

    /// Returns an error for the first rule that does not exist.
    pub(super) fn problem(&self, source: &Arc<Source>) -> Option<Diagnostic> {
        let is_unknown = |id: &&Spanned<String>| !Settings::default().set(id.get_ref(), Setting::Off);
        let id = self.0.keys().find(is_unknown)?;
        let unknown = Diagnostic::error("config::lint", format!("there is no rule `{}`", id.get_ref()));
        let unknown = unknown.at(source, toml_place::span(&source.text, id.span().start));
        Some(match nearest(id.get_ref(), rules::all().map(|rule| rule.id())).first() {
            Some(meant) => unknown.help(format!("did you mean `{meant}`?")),
            None => unknown.help("`crdgen explain` lists the rules: their codes begin with `lint::`"),
        })
    }
}
