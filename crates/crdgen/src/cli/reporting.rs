//! Options of commands that report findings: the format on standard output, and further reports in files.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use clap::ValueEnum;
use crdgen_schema::Diagnostic;

use super::error::CliError;
use crate::report::{Format, Report, Reporter};

/// Choice of report formats.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct ReportArgs {
    /// Format of the findings: text goes to standard error, any other format to standard output
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Reports")]
    format: Format,

    /// Also write the findings to a file in a format, such as `sarif=crdgen.sarif`; may be repeated
    #[arg(long, value_name = "FORMAT=FILE", value_parser = parse_destination, help_heading = "Reports")]
    report: Vec<Destination>,
}

/// A report in a file.
#[derive(Clone, Debug)]
struct Destination {
    format: Format,
    file: PathBuf,
}

fn parse_destination(text: &str) -> Result<Destination, String> {
    let (format, file) = text.split_once('=').ok_or("a format and a file are needed, such as `sarif=crdgen.sarif`")?;
    let format = Format::from_str(format, false).map_err(|_| {
        let formats = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value);
        let formats: Vec<_> = formats.map(|format| format.get_name().to_owned()).collect();
        format!("`{format}` is no format; the formats are {}", formats.join(", "))
    })?;
    if file.is_empty() {
        Err("the name of the file is missing".to_owned())
    } else {
        Ok(Destination { format, file: file.into() })
    }
}

impl ReportArgs {
    /// Returns whether the arguments ask for anything but text on standard error.
    pub(super) fn is_plain(&self) -> bool {
        self.format == Format::Text && self.report.is_empty()
    }

    /// Returns whether the findings are printed as text.
    pub(super) fn is_text(&self) -> bool {
        self.format == Format::Text
    }

    /// Prints the report and its summary, and writes the files.
    ///
    /// # Errors
    ///
    /// Fails if a file cannot be written.
    pub(super) fn show(&self, report: &Report, reporter: &Reporter) -> Result<(), CliError> {
        match self.format {
            Format::Text => reporter.findings(&report.findings),
            // A reader that closes the pipe early is no error.
            format => drop(anstream::stdout().lock().write_all(report.render(format).as_bytes())),
        }
        reporter.say(&report.summary);
        self.write(report)
    }

    /// Writes the files.
    ///
    /// # Errors
    ///
    /// Fails if a file cannot be written.
    pub(super) fn write(&self, report: &Report) -> Result<(), CliError> {
        self.report.iter().try_for_each(|Destination { format, file }| {
            fs::write(file, report.render(*format)).map_err(|error| {
                Diagnostic::error("output::write", format!("cannot write {}: {error}", file.display())).into()
            })
        })
    }
}
