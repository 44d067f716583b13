//! Failures of YAML pieces, as diagnostics.

use std::sync::Arc;

use crate::document::Source;
use crate::source::mapping::PrivateKey;
use crate::{Diagnostic, Span};

/// Code of the diagnostic about a template, which is not YAML before it is rendered.
pub(crate) const TEMPLATE: &str = "source::template";

/// Reason why a piece has no value.
pub(super) enum Failure {
    /// The parser refuses the text.
    Syntax { message: String, span: Span },
    /// The text has no meaning: an unknown anchor, a list as a key, ...
    Content { message: String, span: Span },
    /// The text has a key that no object may have.
    Private(PrivateKey),
}

impl Failure {
    pub(super) fn diagnostic(self, source: &Arc<Source>) -> Diagnostic {
        match self {
            Self::Syntax { message, span } => unreadable(&message, source, span)
                .help("check the indentation, brackets and quotes of this line and of the line above"),
            Self::Content { message, span } => unreadable(&message, source, span),
            Self::Private(key) => key.diagnostic(source),
        }
    }

    pub(super) fn template(self, source: &Arc<Source>) -> Diagnostic {
        match self {
            Self::Syntax { message, span } | Self::Content { message, span } => {
                let message = format!("this looks like a Helm or Go template, not YAML: {message}");
                let help = "render it first, and use the output as the input: `helm template <chart> --include-crds`";
                Diagnostic::error(TEMPLATE, message).at(source, span).help(help)
            }
            Self::Private(key) => key.diagnostic(source),
        }
    }
}

fn unreadable(message: &str, source: &Arc<Source>, span: Span) -> Diagnostic {
    Diagnostic::error("source::yaml", format!("kubectl cannot read this YAML: {message}")).at(source, span)
}
