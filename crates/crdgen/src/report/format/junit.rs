//! Findings as JUnit XML. An error is a failed test, any other finding a passed one with output.

use quick_xml::Writer;
use quick_xml::events::BytesText;

use super::{Report, text};
use crate::report::{Finding, Level};
use crate::text::printable;

pub(super) fn render(report: &Report) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(report, &mut writer).expect("writing to memory");
    let xml = String::from_utf8(writer.into_inner()).expect("XML of strings");
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{xml}\n")
}

fn write(report: &Report, writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
    let tests = report.findings.len().max(1).to_string();
    let failures = report.count(Level::Error).to_string();
    let counts = [("tests", tests.as_str()), ("failures", failures.as_str()), ("errors", "0")];
    let name = ("name", report.command);
    let suites = writer.create_element("testsuites").with_attribute(name).with_attributes(counts);
    suites.write_inner_content(|writer| {
        let suite = writer.create_element("testsuite").with_attribute(name).with_attributes(counts);
        suite.write_inner_content(|writer| {
            if report.findings.is_empty() {
                let test = writer.create_element("testcase").with_attributes([name, ("classname", report.command)]);
                test.write_inner_content(|writer| {
                    writer.create_element("system-out").write_text_content(BytesText::new(&xml(&report.summary)))?;
                    Ok(())
                })?;
            }
            report.findings.iter().try_for_each(|finding| test(finding, writer))
        })?;
        Ok(())
    })?;
    Ok(())
}

fn test(finding: &Finding, writer: &mut Writer<Vec<u8>>) -> std::io::Result<()> {
    let code = finding.diagnostic.code;
    let name = match &finding.field {
        Some(field) => xml(&format!("{code} {field}")),
        None => code.to_owned(),
    };
    let (class, details) = (xml(&finding.subject), xml(&text::lines(finding)));
    let test = writer.create_element("testcase");
    let test = test.with_attributes([("name", name.as_str()), ("classname", class.as_str())]);
    test.write_inner_content(|writer| {
        match finding.level {
            Level::Error => {
                let message = xml(&finding.diagnostic.message);
                let failure = writer.create_element("failure");
                let failure = failure.with_attributes([("type", code), ("message", message.as_str())]);
                failure.write_text_content(BytesText::new(&details))?;
            }
            Level::Warning | Level::Note => {
                writer.create_element("system-out").write_text_content(BytesText::new(&details))?;
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// Replaces the characters that XML 1.0 does not allow.
fn xml(text: &str) -> String {
    printable(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
