//! The `parkflux` program: hands over to [`parkflux::cli`].

use std::process::ExitCode;

/// A set of packages allocates and frees small things on all cores without pause.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    parkflux::cli::run()
}
