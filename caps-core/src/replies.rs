//! `.replies` files: recorded conversations, parsed into sessions and exchanges and printed exactly
//! as read.
//!
//! Reading a file parses only the commands. Replies are parsed on demand: most of a capture is a
//! single `query-qmp-schema` reply, and most readers need other parts.
//!
//! ```
//! use caps_core::replies::{Conversation, canonical};
//!
//! let text = "{\"execute\":\"qmp_capabilities\",\"id\":\"x\"}\n\n{\"return\":{},\"id\":\"x\"}\n";
//! let conversation = Conversation::parse(text)?;
//! assert_eq!(conversation.text(), text);
//! let mended = canonical(&conversation)?;
//! assert!(mended.contains("\"id\": \"libvirt-1\""), "{mended}");
//! # Ok::<(), caps_core::replies::RepliesError>(())
//! ```

mod conversation;
mod error;
mod render;
mod split;

#[cfg(feature = "validate")]
pub(crate) use conversation::Answer;
pub use conversation::{Conversation, Exchange, Session};
pub use error::{RepliesError, RepliesErrorKind};
pub(crate) use render::is_canonical;
pub use render::{ConversationBuilder, canonical};
