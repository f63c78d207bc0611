//! `.replies` files: recorded conversations, parsed into sessions and exchanges and printed exactly
//! as read.
//!
//! Reading a file parses only the commands. Replies are parsed on demand: most of a capture is a
//! single `query-qmp-schema` reply, and most readers need other parts.

mod conversation;
mod error;
mod render;
mod split;

pub use conversation::{Conversation, Exchange, Session};
pub use error::{RepliesError, RepliesErrorKind};
pub(crate) use render::canonical_with;
pub use render::{ConversationBuilder, canonical};
