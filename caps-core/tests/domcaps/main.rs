//! Domain capabilities.

mod bad_input;
mod cpus;
mod differences;
mod documents;
mod firmware;
mod host_model;
mod newer;
mod rules;
mod support;
