use super::Context;
use crate::exit::{Exit, Outcome};

/// flags
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

pub(crate) fn run(_args: &Args, _context: &mut Context) -> Outcome {
    Ok(Exit::Ok)
}
