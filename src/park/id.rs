//! Typed indexes into the lists of a park.

/// Declares an index that can only point into one list.
macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(u32);

        impl $name {
            /// The index of position `i`.
            #[must_use]
            pub fn new(i: usize) -> Self {
                Self(i as u32)
            }

            /// The position in its list.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

index! {
    /// Points into [`Park::enterprises`](super::Park::enterprises).
    EnterpriseId,
    /// Points into [`Park::processes`](super::Park::processes).
    ProcessId,
    /// Points into [`Park::carriers`](super::Park::carriers).
    CarrierId,
}
