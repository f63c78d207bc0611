//! The input files of a use, the captures they apply to, and the tests to ignore.

use caps_core::capture::CaptureId;
use caps_core::inputs::{FilePattern, InputPath, Only};
use proc_macro2::Span;
use syn::LitStr;

use super::Model;
use crate::errors::Errors;
use crate::parse::FilesItem;

/// The input files.
pub(crate) struct Files {
    pub(crate) span: Span,
    pub(crate) patterns: Vec<(Span, FilePattern)>,
    pub(crate) only: Vec<OnlyItem>,
}

/// Restrictions of files to captures.
pub(crate) struct OnlyItem {
    pub(crate) span: Span,
    pub(crate) only: Only,
    /// The pattern and the captures as written.
    pub(crate) texts: (String, Vec<String>),
}

impl Files {
    pub(super) fn new(span: Span, item: FilesItem, errors: &mut Errors) -> Self {
        let mut files = Self { span, patterns: Vec::new(), only: Vec::new() };
        for text in item.patterns {
            match text.value().parse() {
                Ok(pattern) => files.patterns.push((text.span(), pattern)),
                Err(error) => errors.push(text.span(), error),
            }
        }
        for (text, captures) in item.only {
            let names: Vec<String> = captures.iter().map(LitStr::value).collect();
            match Only::parse(&text.value(), &names) {
                Ok(only) => {
                    files.only.push(OnlyItem {
                        span: text.span(),
                        only,
                        texts: (text.value(), names),
                    });
                }
                Err(error) => {
                    // To find the invalid text, check each one on its own.
                    let wrong = captures.iter().find(|c| Only::parse("*", &[c.value()]).is_err());
                    errors.push(wrong.unwrap_or(&text).span(), error);
                }
            }
        }
        files
    }
}

/// Tests that are ignored.
pub(crate) struct Skip {
    pub(crate) span: Span,
    pub(crate) skipped: Skipped,
    pub(crate) reason: LitStr,
}

pub(crate) enum Skipped {
    Capture(CaptureId),
    Files(FilePattern),
}

impl Skip {
    pub(crate) fn is_capture(&self, id: &CaptureId) -> bool {
        matches!(&self.skipped, Skipped::Capture(skipped) if skipped == id)
    }

    pub(crate) fn is_file(&self, file: &InputPath) -> bool {
        matches!(&self.skipped, Skipped::Files(pattern) if pattern.matches(file))
    }
}

impl Model {
    pub(super) fn add_skips(&mut self, skips: Vec<(LitStr, LitStr)>, errors: &mut Errors) {
        for (text, reason) in skips {
            let (span, name) = (text.span(), text.value());
            let id = name.strip_prefix("caps_").unwrap_or(&name).parse();
            let skipped = match (id, name.parse()) {
                (Ok(id), _) if self.selection.is_some() => Skipped::Capture(id),
                (_, Ok(files)) if self.files.is_some() => Skipped::Files(files),
                (Err(error), _) if self.files.is_none() => {
                    errors.push(span, error);
                    continue;
                }
                (_, Err(error)) => {
                    errors.push(span, error);
                    continue;
                }
                _ => {
                    errors.push(span, "captures are skipped, but there is no selector");
                    continue;
                }
            };
            self.skips.push(Skip { span, skipped, reason });
        }
    }
}
