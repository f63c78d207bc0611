use std::io::Write as _;
use std::path::PathBuf;

use clap_mangen::Man;

use super::Context;
use crate::exit::{CliError, Exit, Outcome};
use crate::files;

/// Print the manual page, or write those of all subcommands to a directory.
///
/// The pages are generated from the same definitions as this help.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  qemu-caps man | man -l -
  qemu-caps man --dir ~/.local/share/man/man1")]
pub(crate) struct Args {
    /// The subcommand to document.
    #[arg(conflicts_with = "dir")]
    subcommand: Option<String>,

    /// Write `qemu-caps.1` and `qemu-caps-SUBCOMMAND.1` to this directory.
    #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, context: &mut Context) -> Outcome {
    let mut cli = (context.command)();
    cli.build();
    if let Some(dir) = &args.dir {
        files::create_dir(dir)?;
        let pages = cli.get_subcommands().filter(|page| page.get_name() != "help");
        let pages = pages
            .chain([&cli])
            .map(|command| Ok((dir.join(format!("{}.1", page_name(command))), page(command)?)))
            .collect::<Result<Vec<_>, CliError>>()?;
        files::write(pages.iter().map(|(path, page)| (path, page.as_slice())))?;
        return Ok(Exit::Ok);
    }
    let command = match &args.subcommand {
        None => &cli,
        Some(name) => {
            let found = cli.get_subcommands().find(|command| command.get_name() == name);
            found.ok_or_else(|| {
                let names: Vec<&str> = cli.get_subcommands().map(clap::Command::get_name).collect();
                let nearest = caps_core::nearest::nearest(name, names.iter().copied());
                let hint = nearest.map(|name| format!(", did you mean `{name}`?"));
                CliError::usage(format!("no subcommand `{name}`{}", hint.unwrap_or_default()))
            })?
        }
    };
    context.out.write_all(&page(command)?)?;
    Ok(Exit::Ok)
}

/// Renders a page with the sections of clap's own renderer, except for the text after the options,
/// whose lines are kept.
fn page(command: &clap::Command) -> Result<Vec<u8>, CliError> {
    let man = Man::new(command.clone()).title(page_name(command));
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut text)?;
    }
    let after = command.get_after_long_help().or_else(|| command.get_after_help());
    if let Some(after) = after {
        text.extend(verbatim(&after.to_string()).into_bytes());
    }
    man.render_version_section(&mut text)?;
    Ok(text)
}

/// Turns a paragraph `Title:` with indented lines into a section that keeps these lines.
fn verbatim(after: &str) -> String {
    let mut roff = String::from(".SH NOTES\n");
    let mut is_verbatim = false;
    for text in after.lines() {
        let indented = text.starts_with("  ");
        if indented != is_verbatim {
            roff.push_str(if indented { ".nf\n" } else { ".fi\n" });
            is_verbatim = indented;
        }
        match text.strip_suffix(':').filter(|title| !indented && !title.contains(' ')) {
            Some(title) => {
                if roff == ".SH NOTES\n" {
                    roff.clear();
                }
                roff.extend([".SH ", &title.to_uppercase(), "\n"]);
            }
            None if text.is_empty() => roff.push_str(".PP\n"),
            None => {
                roff.push_str(&escape(text.strip_prefix("  ").unwrap_or(text)));
                roff.push('\n');
            }
        }
    }
    roff.push_str(if is_verbatim { ".fi\n" } else { "" });
    roff
}

/// Escapes text so that roff sees neither requests nor escapes.
fn escape(line: &str) -> String {
    let escaped = line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
    if escaped.starts_with('.') { format!("\\&{escaped}") } else { escaped }
}

/// clap names a subcommand `qemu-caps-probe` once the whole command is built.
fn page_name(command: &clap::Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}

#[cfg(test)]
mod tests {
    use super::verbatim;

    #[test]
    fn titles_begin_sections_and_indented_lines_stay_as_they_are() {
        for (after, expected) in [
            ("Examples:\n  a 'b'\n  .c", ".SH EXAMPLES\n.nf\na \\(aqb\\(aq\n\\&.c\n.fi\n"),
            (
                "Some text:\n\nmore\n\nFiles:\n  -x\n\nEnd",
                ".SH NOTES\nSome text:\n.PP\nmore\n.PP\n.SH FILES\n.nf\n\\-x\n.fi\n.PP\nEnd\n",
            ),
            ("  example:\n", ".SH NOTES\n.nf\nexample:\n.fi\n"),
        ] {
            assert_eq!(verbatim(after), expected, "{after}");
        }
    }
}
