//! An exchange joins two enterprises.

use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Problem};
use crate::park::Park;

pub(super) fn check(park: &Park, found: &mut Diagnostics) {
    for exchange in park.exchanges.iter().filter(|x| x.from == x.to) {
        let id = park.enterprise(exchange.from).label.id.to_string();
        let origin = Origin::row("exchanges.csv", exchange.row).column("to");
        found.push(Diagnostic::new(Problem::SelfExchange { id: id.clone() }, origin).found(id));
    }
}
