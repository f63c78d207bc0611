use std::io;
use std::path::{Path, PathBuf};

use caps_core::check::CheckError;
use caps_core::escape;
use serde_json::{Value, json};

use crate::exit::CliError;
use crate::output::{Out, line, pieces, say};

/// The result of checking a file.
pub(super) struct Report {
    path: PathBuf,
    pub(super) verdict: Verdict,
    pub(super) xml: Option<XmlReport>,
    /// The parts of its capability description that readers would misinterpret.
    pub(super) misread: Vec<String>,
    /// Whether this program can read that description.
    pub(super) is_readable: bool,
    /// Why the file could not be checked.
    pub(super) failure: Option<CliError>,
}

pub(super) enum Verdict {
    Unreadable,
    Ok,
    /// Contains the fixed text, which is not written.
    ToFix(String),
    Fixed,
    Failed(CheckError),
}

/// The result of comparing a capability description.
pub(super) struct XmlReport {
    pub(super) path: PathBuf,
    pub(super) verdict: XmlVerdict,
}

pub(super) enum XmlVerdict {
    Ok,
    Missing,
    Differs(String),
    /// Contains the text, which is not written.
    ToWrite(String),
    Written,
    NotDerived(String),
}

impl Report {
    pub(super) fn new(path: &Path) -> Self {
        let verdict = Verdict::Unreadable;
        Self {
            path: path.to_owned(),
            verdict,
            xml: None,
            misread: Vec::new(),
            is_readable: true,
            failure: None,
        }
    }

    /// Warns about text that XML readers misinterpret.
    pub(super) fn warn(&self) {
        let path = self.path.with_extension("xml");
        for misread in &self.misread {
            say!(Warning: "`{}`: {misread}", path.display());
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn to_write(&self) -> impl Iterator<Item = (&Path, &str)> {
        let replies = match &self.verdict {
            Verdict::ToFix(text) => Some((self.path.as_path(), text.as_str())),
            _ => None,
        };
        let xml = match &self.xml {
            Some(XmlReport { path, verdict: XmlVerdict::ToWrite(text) }) => {
                Some((path.as_path(), text.as_str()))
            }
            _ => None,
        };
        replies.into_iter().chain(xml)
    }

    pub(super) fn set_written(&mut self) {
        if let Verdict::ToFix(_) = self.verdict {
            self.verdict = Verdict::Fixed;
        }
        if let Some(XmlReport { verdict: verdict @ XmlVerdict::ToWrite(_), .. }) = &mut self.xml {
            *verdict = XmlVerdict::Written;
        }
    }

    pub(super) fn is_good(&self, strict: bool) -> bool {
        matches!(self.verdict, Verdict::Ok | Verdict::Fixed)
            && self.xml.as_ref().is_none_or(XmlReport::is_good)
            && (!strict || self.is_readable)
    }
}

impl XmlReport {
    fn is_good(&self) -> bool {
        matches!(self.verdict, XmlVerdict::Ok | XmlVerdict::Written)
    }

    /// The name in JSON.
    fn name(&self) -> &'static str {
        match self.verdict {
            XmlVerdict::Ok => "ok",
            XmlVerdict::Missing => "missing",
            XmlVerdict::Differs(_) | XmlVerdict::ToWrite(_) => "differs",
            XmlVerdict::Written => "written",
            XmlVerdict::NotDerived(_) => "failed",
        }
    }
}

pub(super) fn text(reports: &[Report], with_xml: bool, out: &mut Out) -> io::Result<()> {
    for report in reports {
        let path = report.path.display();
        match &report.verdict {
            // Its error is reported apart from the verdicts.
            Verdict::Unreadable => continue,
            Verdict::Ok => pieces!(out, Plain "'{path}' ... ", Good "OK")?,
            Verdict::Fixed => pieces!(out, Plain "'{path}' ... ", Good "OK", Plain " (fixed)")?,
            Verdict::ToFix(_) => {
                pieces!(
                    out,
                    Plain "'{path}' ... ",
                    Bad "FAIL",
                    Plain " (could be fixed, nothing was written)",
                )?;
            }
            Verdict::Failed(error) => {
                let kind = match error {
                    CheckError::Schema(_) => "qmp schema error",
                    _ => "replies file error",
                };
                pieces!(out, Plain "'{path}' ... ", Bad "FAIL")?;
                pieces!(out, Bad "{kind}:", Plain " {error}")?;
                if matches!(error, CheckError::Differs { .. }) {
                    let name = path.to_string();
                    let word = escape::shell(&name);
                    line!(out, "fix it with: qemu-caps check --regenerate {word}")?;
                }
            }
        }
        if let Some(xml) = &report.xml {
            description(xml, &report.path, out)?;
        }
    }
    if with_xml {
        let good =
            reports.iter().filter(|report| report.xml.as_ref().is_some_and(XmlReport::is_good));
        let (good, all) = (good.count(), reports.len());
        line!(out, "{good} of {all} captures derive their .xml")?;
    }
    Ok(())
}

fn description(report: &XmlReport, replies: &Path, out: &mut Out) -> io::Result<()> {
    let path = report.path.display();
    match &report.verdict {
        XmlVerdict::Ok => return pieces!(out, Plain "'{path}' ... ", Good "OK"),
        XmlVerdict::Written => {
            return pieces!(out, Plain "'{path}' ... ", Good "OK", Plain " (written)");
        }
        XmlVerdict::ToWrite(_) => {
            return pieces!(
                out,
                Plain "'{path}' ... ",
                Bad "FAIL",
                Plain " (could be written, nothing was)",
            );
        }
        XmlVerdict::Missing => {
            pieces!(out, Plain "'{path}' ... ", Bad "FAIL")?;
            pieces!(out, Bad "xml error:", Plain " there is no such file")?;
        }
        XmlVerdict::Differs(diff) => {
            pieces!(out, Plain "'{path}' ... ", Bad "FAIL")?;
            pieces!(out, Bad "xml error:", Plain " the capture derives another description")?;
            out.unified(diff)?;
        }
        XmlVerdict::NotDerived(problem) => {
            pieces!(out, Plain "'{path}' ... ", Bad "FAIL")?;
            return pieces!(out, Bad "xml error:", Plain " {problem}");
        }
    }
    let name = replies.display().to_string();
    line!(out, "write it with: qemu-caps check --xml --regenerate {}", escape::shell(&name))
}

pub(super) fn value(reports: &[Report], dirs: &[String]) -> Value {
    let files: Vec<Value> = reports
        .iter()
        .map(|report| {
            let (verdict, problem) = match &report.verdict {
                Verdict::Unreadable => ("unreadable", None),
                Verdict::Ok => ("ok", None),
                Verdict::Fixed => ("fixed", None),
                Verdict::ToFix(_) => ("failed", Some("nothing was written".to_owned())),
                Verdict::Failed(error) => ("failed", Some(error.to_string())),
            };
            let xml = report.xml.as_ref().map(|xml| {
                let (diff, problem) = match &xml.verdict {
                    XmlVerdict::Differs(diff) => (Some(diff), None),
                    XmlVerdict::NotDerived(problem) => (None, Some(problem)),
                    _ => (None, None),
                };
                let file = xml.path.display().to_string();
                json!({"file": file, "verdict": xml.name(), "diff": diff, "problem": problem})
            });
            json!({
                "file": report.path.display().to_string(),
                "verdict": verdict,
                "problem": problem,
                "misread": report.misread,
                "readable": report.is_readable,
                "xml": xml,
            })
        })
        .collect();
    json!({"dirs": dirs, "files": files})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_that_is_not_right_has_its_difference_or_problem() {
        for (verdict, name, diff, problem) in [
            (XmlVerdict::Ok, "ok", None, None),
            (XmlVerdict::Missing, "missing", None, None),
            (XmlVerdict::Differs("-a".to_owned()), "differs", Some("-a"), None),
            (XmlVerdict::ToWrite("<a/>".to_owned()), "differs", None, None),
            (XmlVerdict::Written, "written", None, None),
            (XmlVerdict::NotDerived("no answer".to_owned()), "failed", None, Some("no answer")),
        ] {
            let mut report = Report::new(Path::new("a.replies"));
            report.xml = Some(XmlReport { path: "a.xml".into(), verdict });
            let expected =
                json!({"file": "a.xml", "verdict": name, "diff": diff, "problem": problem});
            assert_eq!(value(&[report], &[])["files"][0]["xml"], expected);
        }
    }
}
