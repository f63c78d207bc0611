//! All documents of captures, in a directory like that of libvirt's test.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use caps_core::domcaps::TestDocument;
use caps_core::fs::clear_leftovers;
use caps_core::testing::{Golden, GoldenError, Regenerate};

use super::super::Context;
use super::Args;
use super::input::Input;
use crate::exit::{CliError, Exit, Outcome};
use crate::files;
use crate::output::{line, say};
use crate::source::data::Data;

pub(super) fn run(dir: &Path, args: &Args, context: &mut Context) -> Outcome {
    let regenerate = Regenerate::from_env().map_err(CliError::usage)?;
    let (mut documents, mut failures) = (0, 0);
    let mut texts = Vec::new();
    for input in inputs(args, context)? {
        for document in TestDocument::of(&input.id) {
            let path = dir.join(document.file_name(&input.id));
            let made = document
                .make(&input.capabilities, &input.id, input.baseline)
                .map_err(CliError::input)?;
            documents += 1;
            let xml = made.to_xml();
            match Golden::at(&path).check_or_write(&xml, Regenerate::No) {
                Ok(()) => {}
                Err(GoldenError::Differs { .. } | GoldenError::Missing { .. })
                    if regenerate == Regenerate::Yes =>
                {
                    texts.push((path, xml));
                }
                Err(error @ (GoldenError::Differs { .. } | GoldenError::Missing { .. })) => {
                    failures += 1;
                    context.out.write_all(format!("{error}\n").as_bytes())?;
                }
                Err(error) => return Err(CliError::input(error)),
            }
        }
    }
    if regenerate == Regenerate::Yes {
        files::create_dir(dir)?;
        clear_leftovers([dir.join("any")]);
        files::write(texts.iter().map(|(path, xml)| (path, xml.as_bytes())))?;
    }
    for (path, _) in &texts {
        say!("wrote {}", path.display());
    }
    line!(&mut context.out, "{documents} documents, {failures} not as expected")?;
    Ok(if failures == 0 { Exit::Ok } else { Exit::No })
}

/// The captures that the arguments name; for a directory, all with a `.replies` or else an `.xml`.
fn inputs(args: &Args, context: &Context) -> Result<Vec<Input>, CliError> {
    let of_directory = |data: &Data, by_path| -> Result<Vec<Input>, CliError> {
        let baseline = context.sources.baseline;
        let sources = data.sources(by_path).into_iter();
        let conversations = sources.map(|source| Input::from_capture(source, baseline));
        let descriptions = data.orphans.iter().filter_map(|capture| capture.xml.as_ref());
        let description = |xml: &PathBuf| Input::from_xml(xml, args.lenient, baseline);
        conversations.chain(descriptions.map(description)).collect()
    };
    if args.inputs.is_empty() {
        return of_directory(context.sources.data()?, false);
    }
    let mut inputs = Vec::new();
    for argument in &args.inputs {
        let path = Path::new(argument);
        if path.is_dir() {
            let data = Data::in_dir(path)?;
            data.warn();
            inputs.extend(of_directory(&data, true)?);
        } else {
            inputs.push(Input::load(argument, args.lenient, context)?);
        }
    }
    Ok(inputs)
}
