//! The `parkflux` program: hands over to [`parkflux::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    parkflux::cli::run()
}
