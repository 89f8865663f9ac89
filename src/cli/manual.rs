//! `errsift completions` and `errsift man`: what clap knows about the command line, for others.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;
use errsift::Result;

use super::args::Args;
use super::{Status, console};

/// Print completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  errsift completions bash > ~/.local/share/bash-completion/completions/errsift
  errsift completions zsh > ~/.zfunc/_errsift
  errsift completions fish > ~/.config/fish/completions/errsift.fish")]
pub struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Prints completions.
pub fn completions(args: &CompletionsArgs) -> Result<Status> {
    // Rendered to memory first: the generator panics where its output cannot be written.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "errsift", &mut script);
    console::print(|out| out.write_all(&script))?;
    Ok(Status::Success)
}

/// Prints one page: the program, then a section for each verb.
pub fn man() -> Result<Status> {
    let mut command = Args::command().disable_help_flag(true);
    command.build();
    console::print(|out| {
        let page = Man::new(command.clone());
        page.render_title(out)?;
        page.render_name_section(out)?;
        page.render_synopsis_section(out)?;
        page.render_description_section(out)?;
        page.render_options_section(out)?;
        for verb in command.get_subcommands() {
            write_verb(out, verb)?;
        }
        page.render_extra_section(out)?;
        page.render_version_section(out)
    })?;
    Ok(Status::Success)
}

/// A verb, and the verbs below it, as sections of the page.
fn write_verb(out: &mut dyn Write, verb: &Command) -> io::Result<()> {
    let name = verb.get_bin_name().unwrap_or(verb.get_name());
    writeln!(out, ".SH \"{}\"", name.to_uppercase())?;
    if let Some(about) = verb.get_about() {
        writeln!(out, "{about}.")?;
    }
    let own = verb.clone().mut_args(|arg| {
        if arg.is_global_set() {
            arg.hide(true)
        } else {
            arg
        }
    });
    let page = Man::new(own);
    write_as_subsection(out, |section| page.render_synopsis_section(section))?;
    write_as_subsection(out, |section| page.render_options_section(section))?;
    if let Some(examples) = verb.get_after_help() {
        writeln!(out, ".PP\n.nf")?;
        for line in examples.to_string().lines() {
            writeln!(out, "\\&{}", line.replace('\\', "\\e").replace('-', "\\-"))?;
        }
        writeln!(out, ".fi")?;
    }
    verb.get_subcommands()
        .try_for_each(|below| write_verb(out, below))
}

fn write_as_subsection(
    out: &mut dyn Write,
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut section = Vec::new();
    render(&mut section)?;
    let text = String::from_utf8_lossy(&section).replace(".SH ", ".SS ");
    out.write_all(text.as_bytes())
}
