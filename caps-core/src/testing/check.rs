use super::case::Case;
use super::parameter::FromCase;

/// A function for `caps_test!(... => function)`, with arguments that implement [`FromCase`].
#[diagnostic::on_unimplemented(
    message = "a capture can't give this function what it takes",
    label = "not a function that `caps_test!` can call",
    note = "it takes one to six arguments, each of them `&Capabilities`, `&Schema`, `Golden` or another type that implements `qemu_caps::testing::FromCase`"
)]
pub trait Check<'c, A> {
    /// The function's return type.
    type Output;

    /// Calls the function with arguments from the case.
    fn call(self, case: &'c Case) -> Self::Output;
}

impl Case {
    /// Calls a function with arguments from the case.
    ///
    /// # Panics
    ///
    /// Panics if the function panics or an argument can't be provided.
    pub fn call<'c, A, F: Check<'c, A>>(&'c self, function: F) -> F::Output {
        function.call(self)
    }
}

macro_rules! functions {
    ($(($($argument:ident),*);)*) => {$(
        impl<'c, F, R, $($argument),*> Check<'c, ($($argument,)*)> for F
        where
            F: FnOnce($($argument),*) -> R,
            $($argument: FromCase<'c>,)*
        {
            type Output = R;

            fn call(self, case: &'c Case) -> R {
                self($(case.get::<$argument>()),*)
            }
        }
    )*};
}

functions! {
    (A);
    (A, B);
    (A, B, C);
    (A, B, C, D);
    (A, B, C, D, E);
    (A, B, C, D, E, G);
}
