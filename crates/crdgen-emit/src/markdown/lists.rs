//! Correction of lists that authors indent too deeply. CommonMark takes a line that is indented by four
//! columns or more for a continuation of the line above, if there is no blank line between them. Comments of
//! Go code often have such lists.

/// Indentation from which on a line cannot begin a list, in columns.
const TOO_DEEP: usize = 4;

/// Returns clean text in which a list below a line that is not an item has the indentation of that line.
pub fn raised(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    // Floor and width of the current correction: lines deeper than the floor are moved left by the width.
    let mut raise: Option<(usize, usize)> = None;
    let mut above: Option<&str> = None;
    for line in text.split('\n') {
        let depth = indentation(line);
        raise = raise.filter(|(floor, _)| line.is_empty() || depth > *floor);
        if let Some(above) = above
            && raise.is_none()
            && depth >= TOO_DEEP
            && depth > indentation(above)
            && is_item(line)
            && !is_item(above)
        {
            raise = Some((indentation(above), depth - indentation(above)));
        }
        let by = raise.map_or(0, |(floor, by)| by.min(depth.saturating_sub(floor)));
        out.push(line[by..].to_owned());
        above = (!line.is_empty()).then_some(line);
    }
    out.join("\n")
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Returns whether a line looks like an item of a list.
fn is_item(line: &str) -> bool {
    let text = line.trim_start_matches(' ');
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = match number.len() < text.len() {
        true => number.strip_prefix(['.', ')']),
        false => text.strip_prefix(['-', '*', '+']),
    };
    rest.is_some_and(|rest| rest.starts_with(' '))
}
