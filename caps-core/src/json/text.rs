use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A text that documents and conversations share: cheap to clone, and made of a `String` without
/// copying it.
///
/// ```
/// use caps_core::json::{Document, Text};
///
/// let text = Text::from("[1, 2]".to_owned());
/// let one = Document::parse_range(text.clone(), 1..2)?;
/// let two = Document::parse_range(text.clone(), 4..5)?;
/// assert_eq!((one.root().text(), two.root().text()), (&text[1..2], &text[4..5]));
/// # Ok::<(), caps_core::json::JsonError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Text(Arc<String>);

impl Deref for Text {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Arc::new(text))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        text.clone().into()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
