//! Whether a schema is structural and otherwise one that an API server takes.

use crate::crd::Version;
use crate::report::{Path, Report};

pub(crate) fn check(_version: &Version, _path: &Path<'_>, _report: &mut Report<'_>) {}
