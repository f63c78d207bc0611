//! Reading required elements, with errors for those that are missing.

use std::borrow::Cow;
use std::str::FromStr;

use super::element::{Attributed, Element};
use super::error::{XmlError, XmlErrorKind};

pub(crate) const SIGNED: &str = "an integer";
pub(crate) const UNSIGNED: &str = "an unsigned integer";

/// Parses a number as libvirt does: optional whitespace, a sign and digits, with nothing after
/// them.
pub(crate) fn parse<T: FromStr>(text: &str) -> Option<T> {
    text.trim_start_matches([' ', '\t', '\n', '\r']).parse().ok()
}

pub(crate) fn number<T: FromStr>(
    parent: Element<'_>,
    name: &'static str,
    expected: &'static str,
) -> Result<T, XmlError> {
    let element = needed(parent, name)?;
    parse(&element.text()).ok_or_else(|| wrong_text(element, name, expected))
}

pub(crate) fn wrong_text(
    element: Element<'_>,
    name: &'static str,
    expected: &'static str,
) -> XmlError {
    let found = element.text().into_owned();
    element.error(XmlErrorKind::Text { element: name, expected, found })
}

pub(crate) fn needed<'d>(parent: Element<'d>, name: &'static str) -> Result<Element<'d>, XmlError> {
    parent.first(name).ok_or_else(|| parent.error(XmlErrorKind::NoElement(name)))
}

pub(crate) fn non_empty(parent: Element<'_>, name: &'static str) -> Result<String, XmlError> {
    let element = needed(parent, name)?;
    let text = element.text();
    if text.is_empty() {
        return Err(wrong_text(element, name, "a text"));
    }
    Ok(text.into_owned())
}

#[inline]
pub(crate) fn attribute<'d>(
    element: impl Attributed<'d>,
    name: &'static str,
) -> Result<Cow<'d, str>, XmlError> {
    element.attribute(name).ok_or_else(|| {
        let element = element.element();
        let element_name = element.name().to_owned();
        element.error(XmlErrorKind::NoAttribute { element: element_name, attribute: name })
    })
}

pub(crate) fn wrong_attribute<'d>(
    element: impl Attributed<'d>,
    attribute: &'static str,
    expected: &'static str,
    found: &str,
) -> XmlError {
    let element = element.element();
    element.error(XmlErrorKind::Attribute {
        element: element.name().to_owned(),
        attribute,
        expected,
        found: found.to_owned(),
    })
}

pub(crate) fn attribute_number<'d, T: FromStr>(
    element: impl Attributed<'d>,
    name: &'static str,
    expected: &'static str,
) -> Result<T, XmlError> {
    let text = attribute(element, name)?;
    parse(&text).ok_or_else(|| wrong_attribute(element, name, expected, &text))
}

pub(crate) fn yes_no<'d>(
    element: impl Attributed<'d>,
    name: &'static str,
) -> Result<bool, XmlError> {
    is_yes(element, name, &attribute(element, name)?)
}

pub(crate) fn optional_yes_no<'d>(
    element: impl Attributed<'d>,
    name: &'static str,
) -> Result<Option<bool>, XmlError> {
    element.attribute(name).map(|text| is_yes(element, name, &text)).transpose()
}

fn is_yes<'d>(
    element: impl Attributed<'d>,
    name: &'static str,
    text: &str,
) -> Result<bool, XmlError> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        found => Err(wrong_attribute(element, name, "`yes` or `no`", found)),
    }
}

pub(crate) fn text_yes_no(parent: Element<'_>, name: &'static str) -> Result<bool, XmlError> {
    let element = needed(parent, name)?;
    match &*element.text() {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(wrong_text(element, name, "`yes` or `no`")),
    }
}
