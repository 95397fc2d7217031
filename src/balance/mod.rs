//! Balances: what goes into a node comes out of it, by carrier and by what is conserved.
//!
//! | file | what |
//! |---|---|
