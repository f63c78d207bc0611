use std::collections::BTreeMap;

use super::schema::in_both;
use crate::accel::Accel;
use crate::replies::{Conversation, Session};

/// Pairs of sessions to compare: those with the same accelerator, or else the first of each.
pub(super) fn session_pairs<'c>(
    first: &'c Conversation,
    second: &'c Conversation,
) -> Vec<(Option<Accel>, [&'c Session; 2])> {
    let [old, new] = [labelled(first), labelled(second)];
    let mut pairs: Vec<_> =
        in_both(&old, &new).map(|(accel, a, b)| (Some(*accel), [*a, *b])).collect();
    if pairs.is_empty()
        && let (Some(a), Some(b)) = (first.sessions().first(), second.sessions().first())
    {
        pairs.push((None, [a, b]));
    }
    pairs
}

pub(super) fn labelled(conversation: &Conversation) -> BTreeMap<Accel, &Session> {
    let sessions = conversation.sessions();
    let mut by_accel = BTreeMap::new();
    for (index, session) in sessions.iter().enumerate() {
        let accel = if index == 0 { accelerator(session, sessions.len() > 1) } else { Accel::Tcg };
        by_accel.entry(accel).or_insert(session);
    }
    by_accel
}

/// The accelerator of the first session.
fn accelerator(session: &Session, followed: bool) -> Accel {
    let enabled = |command: &str| {
        let exchange = session.exchanges().iter().find(|e| e.command().execute() == command)?;
        let reply = exchange.reply().ok()?;
        let enabled = reply.result().ok()?.get("enabled")?;
        let kvm = enabled.as_bool().map(|kvm| if kvm { "kvm" } else { "" }.to_owned());
        kvm.or_else(|| enabled.as_str().map(String::from))
    };
    match enabled("query-accelerators").or_else(|| enabled("query-kvm")).as_deref() {
        Some("kvm") => Accel::Kvm,
        Some("mshv") => Accel::Mshv,
        // Only an accelerated session is followed by a second one.
        _ if followed => Accel::Hvf,
        _ => Accel::Tcg,
    }
}

#[cfg(test)]
mod tests {
    use super::labelled;
    use crate::accel::Accel;
    use crate::replies::Conversation;

    #[test]
    fn the_first_session_has_the_accelerator_that_qemu_reports() {
        let exchange = |command: &str, value: &str| {
            format!("{{\"execute\":\"{command}\"}}\n\n{{\"return\":{value}}}\n")
        };
        let accelerators = |name: &str| {
            let enabled = format!("{{\"enabled\":\"{name}\"}}");
            exchange("query-accelerators", &enabled)
        };
        let kvm = |enabled: &str| {
            exchange("query-kvm", &format!("{{\"enabled\":{enabled},\"present\":true}}"))
        };
        for (answer, alone, followed) in [
            (accelerators("kvm"), Accel::Kvm, Accel::Kvm),
            (accelerators("mshv"), Accel::Mshv, Accel::Mshv),
            (accelerators("tcg"), Accel::Tcg, Accel::Hvf),
            (kvm("true"), Accel::Kvm, Accel::Kvm),
            (kvm("false"), Accel::Tcg, Accel::Hvf),
        ] {
            let start = exchange("qmp_capabilities", "{}");
            let one = format!("{start}\n{answer}");
            let two = format!("{one}\n{start}");
            for (text, expected) in [(one, alone), (two, followed)] {
                let conversation = Conversation::parse(&text).expect("a conversation");
                let sessions = labelled(&conversation);
                let first = sessions.values().any(|one| one.exchanges().len() == 2);
                assert!(first && sessions.contains_key(&expected), "{text}");
                let both = sessions.contains_key(&Accel::Tcg) && expected != Accel::Tcg;
                assert_eq!(sessions.len(), 1 + usize::from(both), "{text}");
            }
        }
    }
}
