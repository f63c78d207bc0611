//! Texts: JSON, names and their suggestions, escapes, and what XML can't hold.

mod goldens;
mod hosts;
mod json;
mod names;
mod raw;
mod words;
