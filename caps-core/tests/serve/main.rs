//! The QMP server that answers from a capture, tested as a QMP client would use it.

mod agreement;
mod arguments;
mod canned;
mod captures;
mod cpu_models;
mod live;
mod malformed;
mod protocol;
mod robust;
mod sockets;
mod support;
mod types;
