//! The values of an argument and their names in tests.

use syn::{Error, Expr, Ident, Lit, UnOp};

use crate::errors::Errors;
use crate::names::identifier;

/// An argument that multiplies the tests.
pub(crate) struct Axis {
    pub(crate) name: Ident,
    pub(crate) values: Vec<Value>,
}

pub(crate) struct Value {
    pub(crate) expression: Expr,
    /// The value as text, for names.
    pub(crate) text: String,
}

impl Axis {
    pub(crate) fn new(name: Ident, expressions: Vec<Expr>, errors: &mut Errors) -> Self {
        let mut values = Vec::new();
        for expression in expressions {
            match text(&expression) {
                Some(text) => values.push(Value { expression, text }),
                None => errors.add(Error::new_spanned(
                    expression,
                    "a value that tests can't be named after, expected a literal or the path of a \
                     constant",
                )),
            }
        }
        for (index, value) in values.iter().enumerate() {
            if values[..index].iter().any(|earlier: &Value| earlier.text == value.text) {
                let message = format!("the value `{}` is there twice", value.text);
                errors.add(Error::new_spanned(&value.expression, message));
            }
        }
        Self { name, values }
    }
}

impl Value {
    /// The name of a module; numbers are prefixed with the name of their argument.
    pub(crate) fn name(&self, axis: &Ident) -> String {
        let text = match self.text.strip_prefix('-') {
            Some(number) => format!("minus_{number}"),
            None => self.text.clone(),
        };
        let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic());
        let own = !is_word || self.text.starts_with('-');
        identifier(&if own { format!("{axis}_{text}") } else { text })
    }
}

fn text(expression: &Expr) -> Option<String> {
    Some(match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => text.value(),
            Lit::Char(char) => char.value().to_string(),
            Lit::Bool(boolean) => boolean.value.to_string(),
            Lit::Int(number) => number.base10_digits().to_owned(),
            Lit::Float(number) => number.base10_digits().to_owned(),
            _ => return None,
        },
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => {
            format!("-{}", text(&unary.expr)?)
        }
        Expr::Path(path) => path.path.segments.last()?.ident.to_string(),
        Expr::Call(call) => {
            let parts: Option<Vec<String>> =
                std::iter::once(&*call.func).chain(&call.args).map(text).collect();
            parts?.join("_")
        }
        Expr::Group(group) => text(&group.expr)?,
        Expr::Paren(paren) => text(&paren.expr)?,
        _ => return None,
    })
}
