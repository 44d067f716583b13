//! Implementation of `kube::Resource` for generated types.

/// Implements `kube::Resource` for a [`Resource`](crate::Resource) whose metadata is `k8s_openapi`'s `ObjectMeta`.
///
/// The calling crate must depend on `kube` and `k8s_openapi`.
#[macro_export]
macro_rules! kube_resource {
    ($name:ident, $scope:ident) => {
        impl ::kube::Resource for $name {
            type DynamicType = ();
            type Scope = ::k8s_openapi::$scope;

            fn kind(_: &()) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(<Self as $crate::Resource>::KIND)
            }

            fn group(_: &()) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(<Self as $crate::Resource>::GROUP)
            }

            fn version(_: &()) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(<Self as $crate::Resource>::VERSION)
            }

            fn plural(_: &()) -> ::std::borrow::Cow<'_, str> {
                ::std::borrow::Cow::Borrowed(<Self as $crate::Resource>::PLURAL)
            }

            fn meta(&self) -> &<Self as $crate::Resource>::Meta {
                &self.metadata
            }

            fn meta_mut(&mut self) -> &mut <Self as $crate::Resource>::Meta {
                &mut self.metadata
            }
        }
    };
}
