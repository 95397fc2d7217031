//! The template that `init` writes: a small park that works.
