use super::case::Case;
use super::parameter::FromCase;

/// A function that `caps_test!(... => function)` can call: each of its arguments is a [`FromCase`].
#[diagnostic::on_unimplemented(
    message = "a capture can't give this function what it takes",
    label = "not a function that `caps_test!` can call",
    note = "it takes one to six arguments, each of them `&Capabilities`, `&Schema`, `Golden` or another type that implements `qemu_caps::testing::FromCase`"
)]
pub trait Check<'c, A> {
    /// What the function returns.
    type Output;

    /// Calls the function with what the case gives.
    fn call(self, case: &'c Case) -> Self::Output;
}

impl Case {
    /// Calls a function with what it takes.
    ///
    /// # Panics
    ///
    /// When the function does, or what it takes can't be had.
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
