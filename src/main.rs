//! The command line of handoffd; what each command does is in `commands`.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::Parser as _;
use handoffd::commands::{self, CommandLine};
use handoffd::lifecycle;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let line = match CommandLine::try_parse() {
        Ok(line) => line,
        Err(error) => {
            let _ = error.print();
            return commands::misused(error.use_stderr(), std::env::args_os());
        }
    };
    // A transport's own lines may hold logins and mails: only ours are ever let through, whatever RUST_LOG says.
    let asked = std::env::var("RUST_LOG").ok().and_then(|text| text.parse().ok());
    let level = asked.unwrap_or(line.log_level());
    let ours = EnvFilter::new(format!("off,handoffd={level}"));
    let systemd = std::env::var_os("JOURNAL_STREAM").is_some();
    let log = tracing_subscriber::fmt().with_env_filter(ours).with_writer(std::io::stderr).with_target(false);
    let coloured =
        std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|text| text.is_empty());
    if systemd {
        log.without_time().with_ansi(false).init();
    } else {
        log.with_ansi(coloured).init();
    }
    lifecycle::name_only_the_place_of_a_panic();
    commands::run(line, &mut std::io::stdout(), &mut std::io::stderr())
}
