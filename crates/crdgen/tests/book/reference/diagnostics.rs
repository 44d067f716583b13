//! Page of all diagnostic codes.

use std::fmt::Write as _;

use crdgen::codes::{Entry, GROUPS, Group};

const INTRODUCTION: &str = "\
# Diagnostics

crdgen reports errors and warnings with a code in brackets, the place in the file, the path in the CRD, and help:

```text
crds/boat.yaml:25:17: error[schema::no-type]: the field has no type
  in: boats.example.org: spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.length.type
  help: every node of a structural schema needs `type`, ...
```

A warning does not change the exit code. After an error the exit code is 1, and no file is written; `--keep-going` writes
what could be generated. `crdgen explain CODE` prints the entry of a code, `crdgen explain` lists all codes. The rules of
`crdgen lint` have [a page of their own](lint.md).
";

pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for Group { title, entries } in GROUPS {
        let _ = write!(page, "\n## {title}\n");
        for Entry { code, title, cause, help } in entries {
            let _ = write!(page, "\n### `{code}`\n\n**{title}.** {cause}\n\n{help}\n");
        }
    }
    page
}
