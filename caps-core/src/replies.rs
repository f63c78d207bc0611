//! `.replies` files: the recorded conversation, read into sessions of exchanges and printed byte for
//! byte as it was read.
//!
//! Only commands are parsed when a file is read. A reply is parsed when somebody asks for it: most of
//! a capture is one `query-qmp-schema` reply, and most readers need another part.

mod conversation;
mod error;
mod render;
mod split;

pub use conversation::{Conversation, Exchange, Session};
pub use error::{RepliesError, RepliesErrorKind};
pub(crate) use render::canonical_with;
pub use render::{ConversationBuilder, canonical};
