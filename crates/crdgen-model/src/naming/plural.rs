//! Plural of a root's name, after which the list operation is named.

/// Returns the plural of a type's name: the resource's own plural in the capitals of its kind. Other parts of the name
/// (a group, a version) are kept. If the resource's plural is formed from another word, the result is the name followed
/// by `s`.
pub fn plural(name: &str, kind: &str, plural: &str) -> String {
    let same = kind.bytes().zip(plural.bytes()).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    let start = name.len().checked_sub(kind.len()).and_then(|last| {
        (0..=last).rev().find(|at| name.get(*at..at + kind.len()).is_some_and(|part| part.eq_ignore_ascii_case(kind)))
    });
    match start {
        Some(at) if same + 1 >= kind.len() && plural.is_ascii() => {
            format!("{}{}{}", &name[..at + same], &plural[same..], &name[at + kind.len()..])
        }
        _ => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::plural;

    #[test]
    fn plurals_follow_the_resource() {
        assert_eq!(plural("PipelineRun", "PipelineRun", "pipelineruns"), "PipelineRuns");
        assert_eq!(plural("BGPPolicy", "BGPPolicy", "bgppolicies"), "BGPPolicies");
        assert_eq!(plural("Postgresql", "postgresql", "postgresqls"), "Postgresqls");
        assert_eq!(plural("Mesh", "Mesh", "meshes"), "Meshes");
        assert_eq!(plural("Endpoints", "Endpoints", "endpoints"), "Endpoints");
    }

    #[test]
    fn plurals_keep_what_a_name_has_beside_the_kind() {
        assert_eq!(plural("V1beta1Policy", "Policy", "policies"), "V1beta1Policies");
        assert_eq!(plural("CiPipeline", "Pipeline", "pipelines"), "CiPipelines");
    }

    #[test]
    fn a_plural_of_another_word_is_not_used() {
        assert_eq!(plural("Person", "Person", "people"), "Persons");
    }
}
