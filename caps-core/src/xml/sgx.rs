//! The contents of `<sgx>`, which capability XML and domain capabilities share.

use super::element::Element;
use super::error::XmlError;
use super::expect::{UNSIGNED, attribute_number, number, text_yes_no};
use super::writer::{Writer, yes_no};
use crate::caps::{Sgx, SgxSection};

pub(crate) fn read(element: Element<'_>) -> Result<Sgx, XmlError> {
    let sections = element.first("sections").into_iter().flat_map(|list| list.all("section"));
    Ok(Sgx {
        flc: text_yes_no(element, "flc")?,
        sgx1: text_yes_no(element, "sgx1")?,
        sgx2: text_yes_no(element, "sgx2")?,
        section_size: number(element, "section_size", UNSIGNED)?,
        sections: sections
            .map(|section| {
                Ok(SgxSection {
                    node: attribute_number(section, "node", UNSIGNED)?,
                    size: attribute_number(section, "size", UNSIGNED)?,
                })
            })
            .collect::<Result<_, _>>()?,
    })
}

pub(crate) fn write(w: &mut Writer, sgx: &Sgx) {
    w.text("flc", yes_no(sgx.flc));
    w.text("sgx1", yes_no(sgx.sgx1));
    w.text("sgx2", yes_no(sgx.sgx2));
    w.line(format_args!("<section_size unit='KiB'>{}</section_size>", sgx.section_size));
    if !sgx.sections.is_empty() {
        w.block("sections", |w| {
            for SgxSection { node, size, .. } in &sgx.sections {
                w.line(format_args!("<section node='{node}' size='{size}' unit='KiB'/>"));
            }
        });
    }
}
