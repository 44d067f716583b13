//! Page of the command line.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command};

const INTRODUCTION: &str = "\
# Command line

`crdgen --help` and `crdgen COMMAND --help` print the same texts. `crdgen completions SHELL` prints a completion script,
and `crdgen man DIR` writes manual pages.
";

pub fn page() -> String {
    let command = crdgen::cli::command();
    let mut page = INTRODUCTION.to_owned();
    let commands: Vec<&Command> =
        command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help").collect();
    page.push_str("\n| command | |\n|---|---|\n");
    for below in &commands {
        let name = below.get_name();
        let _ = writeln!(page, "| [`crdgen {name}`](#crdgen-{name}) | {} |", cell(&about(below)));
    }
    if let Some(codes) = command.get_after_help() {
        let _ = write!(page, "\n```text\n{codes}\n```\n");
    }
    page.push_str("\n## Options of every command\n");
    arguments(&mut page, command.get_arguments().filter(|argument| argument.is_global_set()));
    for below in commands {
        section(&mut page, below);
    }
    page
}

fn section(page: &mut String, command: &Command) {
    let name = command.get_name();
    let text = command.get_long_about().map_or_else(|| about(command), ToString::to_string);
    let usage = command.clone().render_usage().to_string();
    // clap wraps long usage lines with the width of its output.
    let usage = usage.trim_start_matches("Usage: ").split_whitespace().collect::<Vec<_>>().join(" ");
    let _ = write!(page, "\n## crdgen {name}\n\n{}\n\n```text\n{usage}\n```\n", text.trim());
    arguments(page, command.get_arguments().filter(|argument| !argument.is_global_set()));
    if let Some(more) = command.get_after_help() {
        let _ = write!(page, "\n```text\n{more}\n```\n");
    }
}

fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

fn arguments<'a>(page: &mut String, arguments: impl Iterator<Item = &'a Arg>) {
    let named = |argument: &&Arg| !argument.is_hide_set() && !matches!(argument.get_id().as_str(), "help" | "version");
    let mut rows = arguments.filter(named).map(row).peekable();
    if rows.peek().is_some() {
        page.push_str("\n| argument | | default |\n|---|---|---|\n");
        page.extend(rows);
    }
}

fn row(argument: &Arg) -> String {
    let help = argument.get_long_help().or(argument.get_help()).map(ToString::to_string).unwrap_or_default();
    // The derive macro has no place for a default that depends on other settings.
    let (mut help, mut default) =
        match help.trim_end().strip_suffix(']').and_then(|help| help.rsplit_once(" [default: ")) {
            Some((help, default)) => (help.to_owned(), default.to_owned()),
            None => (help.clone(), String::new()),
        };
    let takes_value = matches!(argument.get_action(), ArgAction::Set | ArgAction::Append);
    for value in argument.get_possible_values().iter().filter(|_| takes_value) {
        let _ = write!(help, "<br>`{}`", value.get_name());
        let _ = value.get_help().map(|meaning| write!(help, ": {meaning}"));
    }
    if let [value] = argument.get_default_values()
        && takes_value
    {
        default = format!("`{}`", value.to_string_lossy());
    }
    format!("| `{}` | {} | {} |\n", synopsis(argument, takes_value), cell(&help), cell(&default))
}

/// Returns the form of an argument on the command line, such as `-c, --config <FILE>`.
fn synopsis(argument: &Arg, takes_value: bool) -> String {
    let names: Vec<String> = argument
        .get_short()
        .map(|short| format!("-{short}"))
        .into_iter()
        .chain(argument.get_long().map(|long| format!("--{long}")))
        .collect();
    let names = names.join(", ");
    let value =
        argument.get_value_names().unwrap_or_default().iter().map(|name| format!("<{name}>")).collect::<Vec<_>>();
    let many = if argument.is_positional() && matches!(argument.get_action(), ArgAction::Append) { "..." } else { "" };
    match takes_value {
        true => format!("{names} {}{many}", value.join(" ")).trim_start().to_owned(),
        false => names,
    }
}

/// Returns a text for a cell of a table.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
