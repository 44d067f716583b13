//! Codes about the schemas of a CRD.

use super::{Entry, Group};

pub(super) const GROUP: Group = Group {
    title: "Schemas",
    entries: &[
        Entry {
            code: "schema::additional",
            title: "A schema has both properties and additionalProperties",
            cause: "In a structural schema, `properties` and `additionalProperties` exclude each other, unless the latter \
                    is `true`.",
            help: "Remove `additionalProperties`: undeclared fields are dropped anyway. To keep them, set \
                   `x-kubernetes-preserve-unknown-fields: true`.",
        },
        Entry {
            code: "schema::branch",
            title: "A branch of allOf, anyOf, oneOf or not has a forbidden keyword",
            cause: "In a structural schema, a branch may restrict values and may not declare them: it cannot have `type`, \
                    `default`, `description`, `nullable`, `additionalProperties` or a `x-kubernetes-` extension, and it \
                    cannot restrict `metadata`. The only exception is the `anyOf` of `x-kubernetes-int-or-string`.",
            help: "Move the keyword out of the branch, to the schema that has the branch.",
        },
        Entry {
            code: "schema::default",
            title: "A default does not fit its own schema",
            cause: "The value of `default` breaks the schema beside it, or has a field that the schema does not declare. \
                    An API server refuses such a CRD. Nested defaults are not filled in before the check, so required \
                    fields must stand in the default itself.",
            help: "Correct the default, or declare the field.",
        },
        Entry {
            code: "schema::default-unchecked",
            title: "Some defaults are too costly to check",
            cause: "crdgen limits the work of checking the defaults of one CRD, and this CRD exceeds the limit. Code \
                    is generated nevertheless.",
            help: "Nothing has to be done: an API server checks all defaults when the CRD is created.",
        },
        Entry {
            code: "schema::embedded",
            title: "An embedded object is declared wrongly",
            cause: "A schema with `x-kubernetes-embedded-resource: true` must have `type: object`, and either `properties` \
                    or `x-kubernetes-preserve-unknown-fields: true`. It cannot have `additionalProperties`.",
            help: "Do what the help of the diagnostic says.",
        },
        Entry {
            code: "schema::enum",
            title: "A value of an enum of strings is not a string",
            cause: "The schema has `type: string`, and YAML reads an unquoted value of `enum` as a boolean or a number: \
                    `on`, `no`, `1.0`. No string equals this value, so it can never be used.",
            help: "Put the value in quotes.",
        },
        Entry {
            code: "schema::forbidden",
            title: "A schema has a keyword that CRDs may not use",
            cause: "Some keywords of JSON Schema are not allowed in a CRD, among them `$ref`, `definitions`, \
                    `patternProperties` and `uniqueItems: true`. `items` must be one schema, and \
                    `x-kubernetes-preserve-unknown-fields` must be `true` or absent.",
            help: "Do what the help of the diagnostic says. `x-kubernetes-list-type: set` takes the place of \
                   `uniqueItems`.",
        },
        Entry {
            code: "schema::heavy-pattern",
            title: "A regular expression is too large to be compiled",
            cause: "The size of a compiled pattern is limited. crdgen and generated services do not check values against \
                    this pattern; an API server does.",
            help: "Use smaller repetition counts in the pattern, or limit the length with `maxLength`.",
        },
        Entry {
            code: "schema::int-or-string",
            title: "x-kubernetes-int-or-string has a contradicting extension",
            cause: "A value that is an integer or a string cannot have `x-kubernetes-preserve-unknown-fields` or \
                    `x-kubernetes-embedded-resource`, which are for objects.",
            help: "Remove one of the two.",
        },
        Entry {
            code: "schema::list-type",
            title: "x-kubernetes-list-type does not fit the list",
            cause: "The list type is not `atomic`, `set` or `map`, the schema is not an array, or the items do not fit \
                    the type. A list of type `map` needs `x-kubernetes-list-map-keys`, each of which is a scalar \
                    property of the items that is required or has a default. Items of a set can be lists or objects \
                    only if these are atomic.",
            help: "Do what the help of the diagnostic says.",
        },
        Entry {
            code: "schema::map-type",
            title: "x-kubernetes-map-type does not fit the schema",
            cause: "The map type is neither `atomic` nor `granular`, or the schema is not an object.",
            help: "Use one of the two values, in a schema with `type: object`.",
        },
        Entry {
            code: "schema::metadata",
            title: "A schema restricts metadata in a way that is not allowed",
            cause: "`apiVersion`, `kind` and `metadata` have fixed types and no defaults. Of `metadata`, the schema of a \
                    CRD can restrict only `name` and `generateName`.",
            help: "Write `metadata: {type: object}`, or leave `metadata` out.",
        },
        Entry {
            code: "schema::no-items",
            title: "An array has no items",
            cause: "A structural schema requires `items` beside `type: array`.",
            help: "Write the schema of the items, for example `items: {type: string}`.",
        },
        Entry {
            code: "schema::no-type",
            title: "A schema has no type",
            cause: "Every node of a structural schema needs `type`, or `x-kubernetes-int-or-string: true`, or \
                    `x-kubernetes-preserve-unknown-fields: true` for any value.",
            help: "Write the type.",
        },
        Entry {
            code: "schema::pattern",
            title: "A pattern is not a regular expression of Go",
            cause: "An API server compiles patterns with RE2, the regular expressions of Go. RE2 has no look-around and no \
                    back-references.",
            help: "Rewrite the pattern in the syntax of RE2: <https://github.com/google/re2/wiki/Syntax>.",
        },
        Entry {
            code: "schema::private-key",
            title: "A required property has a reserved name",
            cause: "The name is one that serde_json, the JSON library of Rust, uses to mark numbers or raw JSON. Objects \
                    with this key would be read as something else.",
            help: "Use another name for the property.",
        },
        Entry {
            code: "schema::property-name",
            title: "The name of a property is read as a boolean or a number",
            cause: "The name is not quoted, and YAML reads it as a boolean or a number: `on` becomes `true`. The property \
                    has the name that the message shows.",
            help: "Put the name in quotes.",
        },
        Entry {
            code: "schema::required",
            title: "A required field is not declared",
            cause: "`required` names a field that `properties` does not have. An API server prunes the field before it \
                    validates, so that no object is ever valid.",
            help: "Declare the field under `properties`, or remove it from `required`.",
        },
        Entry {
            code: "schema::root",
            title: "The root of a schema has a forbidden keyword",
            cause: "A custom resource is an object: the root must have `type: object`, and can have neither \
                    `additionalProperties` nor `nullable`. If the version has the status subresource, the root cannot \
                    have keywords that would restrict `status` too, such as `oneOf`, `default` or `minProperties`.",
            help: "Remove the keyword, or move it into the schema of `spec`.",
        },
        Entry {
            code: "schema::rule",
            title: "A validation rule is incomplete or malformed",
            cause: "An entry of `x-kubernetes-validations` has an empty rule, a message that is blank or has line breaks, \
                    an unknown reason, a `fieldPath` that names no declared field, or `optionalOldSelf` without \
                    `oldSelf`. A rule of several lines needs a message.",
            help: "Do what the help of the diagnostic says.",
        },
        Entry {
            code: "schema::selectable",
            title: "A selectable field is not possible",
            cause: "An entry of `selectableFields` must name a declared field outside of `metadata` that is a string, an \
                    integer or a boolean. Each field can stand in the list once, and their number is limited.",
            help: "Name a declared field such as `.spec.phase`. `metadata.name` and `metadata.namespace` are always \
                   selectable.",
        },
        Entry {
            code: "schema::type",
            title: "The type of a schema is unknown",
            cause: "The types are `object`, `array`, `string`, `integer`, `number` and `boolean`. A list of types and the \
                    type `null` are not allowed in a CRD.",
            help: "Write one of the six types. For a value that may be null, write `nullable: true` beside the type.",
        },
        Entry {
            code: "schema::undeclared",
            title: "A branch restricts a field that is not declared",
            cause: "Everything that `allOf`, `anyOf`, `oneOf` or `not` of the root restricts must be declared outside of the \
                    branches as well.",
            help: "Declare the field with its type outside of the branch.",
        },
    ],
};
