//! Entry in the table of attacks.

use anyhow::Result;

use super::form::Backend;
use super::siege::Siege;
use super::target::Conditions;

/// An attack: its rule, and the requests.
pub struct Attack {
    pub(super) name: &'static str,
    /// Property that the service must keep.
    pub(super) rule: &'static str,
    pub(super) only_on: Option<Backend>,
    pub(super) is_long: bool,
    pub(super) conditions: Conditions,
    pub(super) play: fn(&mut Siege) -> Result<()>,
}

impl Attack {
    pub(super) const fn new(name: &'static str, rule: &'static str, play: fn(&mut Siege) -> Result<()>) -> Self {
        let conditions = Conditions { descriptors: None, tls: None };
        Self { name, rule, only_on: None, is_long: false, conditions, play }
    }

    /// Restricts the attack to one backend.
    pub(super) const fn only_on(mut self, backend: Backend) -> Self {
        self.only_on = Some(backend);
        self
    }

    /// Leaves the attack out of the short form.
    pub(super) const fn long(mut self) -> Self {
        self.is_long = true;
        self
    }

    /// Limits the number of file descriptors of the service.
    pub(super) const fn descriptors(mut self, most: u32) -> Self {
        self.conditions.descriptors = Some(most);
        self
    }
}
