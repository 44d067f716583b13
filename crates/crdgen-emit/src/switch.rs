//! Options with two values, which a config file writes as `false` and `true`.

/// Implements the conversions between an option and the boolean of the config file. The first variant is `false`.
macro_rules! switch {
    ($name:ident, $off:ident, $on:ident) => {
        impl From<bool> for $name {
            fn from(is_on: bool) -> Self {
                if is_on { Self::$on } else { Self::$off }
            }
        }

        impl From<$name> for bool {
            fn from(option: $name) -> Self {
                option == $name::$on
            }
        }
    };
}

pub(crate) use switch;
