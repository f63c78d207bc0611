//! The QMP server that answers from a capture, spoken to as QMP clients do.

mod agreement;
mod arguments;
mod canned;
mod captures;
mod live;
mod malformed;
mod protocol;
mod robust;
mod sockets;
mod support;
