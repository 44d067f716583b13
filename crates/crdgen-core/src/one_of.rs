//! Typed unions: enums for objects in which exactly one set of fields is present.

/// Implements `From` in both directions, and the serde traits, for an enum and the struct of the same fields. All
/// fields of the struct must be optional.
///
/// The enum has a variant for each set of fields, and `Other`. `Other` keeps a struct that matches no variant, since a
/// field is missing, null, or not part of the variant. Such a struct is written back unchanged.
///
/// Each field of a variant is given by its name or index in the variant, how it can be missing in the struct
/// (`optional` or `nullable`), its name in the struct, and its name in JSON.
///
/// ```
/// #[derive(Clone, Debug, Default, PartialEq)]
/// pub struct SourceFields {
///     pub image: Option<String>,
///     pub repository: Option<String>,
///     pub revision: Option<Option<String>>,
/// }
///
/// crdgen_runtime::object! {
///     SourceFields {
///         optional image "image",
///         optional repository "repository",
///         nullable revision "revision",
///     }
/// }
///
/// #[derive(Clone, Debug, PartialEq)]
/// pub enum Source {
///     Image(String),
///     Git { repository: String, revision: String },
///     Other(Box<SourceFields>),
/// }
///
/// crdgen_runtime::one_of! {
///     Source of SourceFields {
///         Image { 0 optional image "image" },
///         Git { repository optional repository "repository", revision nullable revision "revision" },
///     }
/// }
/// # let read = |text| serde_json::from_str::<Source>(text).unwrap();
/// # assert_eq!(read(r#"{"image": "a"}"#), Source::Image("a".to_owned()));
/// ```
#[macro_export]
macro_rules! one_of {
    (@ optional $value:ident) => { ::std::option::Option::Some($value) };
    (@ nullable $value:ident) => { ::std::option::Option::Some(::std::option::Option::Some($value)) };
    ($union:ident of $fields:ident {
        $($variant:ident { $($at:tt $sort:ident $field:ident $name:literal),+ },)+
    }) => {
        impl ::std::convert::From<$fields> for $union {
            fn from(mut fields: $fields) -> Self {
                let present = [$($(fields.$field.is_some()),+),+].into_iter().filter(|present| *present).count();
                $(if present == <[&str]>::len(&[$($name),+]) {
                    match ($(fields.$field.take(),)+) {
                        ($($crate::one_of!(@ $sort $field),)+) => return Self::$variant { $($at: $field),+ },
                        ($($field,)+) => { $(fields.$field = $field;)+ }
                    }
                })+
                Self::Other(::std::boxed::Box::new(fields))
            }
        }

        impl ::std::convert::From<$union> for $fields {
            fn from(union: $union) -> Self {
                let mut fields: Self = $crate::object::Object::initial_value();
                match union {
                    $($union::$variant { $($at: $field),+ } => {
                        $(fields.$field = $crate::one_of!(@ $sort $field);)+
                    })+
                    $union::Other(other) => fields = *other,
                }
                fields
            }
        }

        impl $crate::object::Object for $union {
            const NAMES: &'static [&'static str] = <$fields as $crate::object::Object>::NAMES;
            const OPEN: bool = false;

            fn initial_value() -> Self {
                Self::Other(::std::boxed::Box::new($crate::object::Object::initial_value()))
            }

            fn read<S: $crate::object::Source>(&mut self, index: usize, from: &mut S) {
                match self {
                    Self::Other(fields) => $crate::object::Object::read(&mut **fields, index, from),
                    // The union is settled: all fields were read before.
                    _ => from.undeclared([]),
                }
            }

            fn write<S: $crate::object::Sink>(&self, to: &mut S) {
                match self {
                    $(Self::$variant { $($at: $field),+ } => { $(to.required($name, $field);)+ })+
                    Self::Other(fields) => $crate::object::Object::write(&**fields, to),
                }
            }

            fn settle(&mut self) {
                if let Self::Other(fields) = self {
                    let fields = ::std::mem::replace(&mut **fields, $crate::object::Object::initial_value());
                    *self = ::std::convert::From::from(fields);
                }
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $union {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::object::deserialize(deserializer)
            }
        }

        impl $crate::serde::Serialize for $union {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::object::serialize(self, serializer)
            }
        }
    };
}
