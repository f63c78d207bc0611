use super::{array, boolean, object, optional, string, uint};
use crate::caps::{Gic, Sev, Sgx, SgxSection};
use crate::json::{JsonType, Node};
use crate::probe::error::Malformed;

pub(in crate::probe) fn gic(answer: Node<'_>) -> Result<Vec<Gic>, Malformed> {
    array(answer, "interrupt controllers")?
        .map(|entry| {
            Ok(Gic {
                version: uint(entry, "version")?,
                kernel: boolean(entry, "kernel")?,
                emulated: boolean(entry, "emulated")?,
            })
        })
        .collect()
}

pub(in crate::probe) fn sev(answer: Node<'_>) -> Result<Sev, Malformed> {
    let answer = object(answer)?;
    Ok(Sev {
        cbitpos: uint(answer, "cbitpos")?,
        reduced_phys_bits: uint(answer, "reduced-phys-bits")?,
        pdh: string(answer, "pdh")?.into_owned(),
        cert_chain: string(answer, "cert-chain")?.into_owned(),
        cpu0_id: answer.get_str("cpu0-id").map(std::borrow::Cow::into_owned),
    })
}

/// `None` for a reply without `sections`, which means that SGX is unavailable.
pub(in crate::probe) fn sgx(answer: Node<'_>) -> Result<Option<Sgx>, Malformed> {
    let answer = object(answer)?;
    let (flc, sgx1, sgx2) =
        (boolean(answer, "flc")?, boolean(answer, "sgx1")?, boolean(answer, "sgx2")?);
    let Some(list) = answer.get("sections").filter(|sections| sections.kind() == JsonType::Array)
    else {
        return Ok(None);
    };
    let mut sections = Vec::new();
    for section in list.elements() {
        let size = section
            .get("size")
            .and_then(Node::as_u64)
            .ok_or_else(|| Malformed::member(section, "size", "the unsigned 64-bit integer"))?;
        sections.push(SgxSection { node: uint(section, "node")?, size: size / 1024 });
    }
    let total = optional(answer, "section-size", "the unsigned 64-bit integer", Node::as_u64)?;
    let sum = sections.iter().fold(0u64, |sum, section| sum.saturating_add(section.size));
    Ok(Some(Sgx { flc, sgx1, sgx2, section_size: total.map_or(sum, |t| t / 1024), sections }))
}
