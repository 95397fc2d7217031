//! Dump.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]
use parkflux::{inventory::inventory, package, scenario::*, diagnostic::Origin, park::Label};
use std::path::Path;
fn main() {
    let p = std::env::args().nth(1).unwrap();
    let (package, _) = package::read(Path::new(&p)).unwrap();
    let package = package.unwrap();
    let inv = inventory(&package).unwrap();
    let park = &package.park;
    let base = Base::new(&package, &inv, None);
    for m in base.results.measures() { println!("{} in {:.1} out {:.1}", m.id(), base.results.inside(m), base.results.outside(m)); }
    let mut all: Vec<String> = vec!["*>*:*".into()];
    for x in &park.exchanges {
        all.push(format!("{}>{}:{}", park.enterprise(x.from).label.id, park.enterprise(x.to).label.id, park.carrier(x.carrier).label.id));
    }
    for of in all {
        let (f, r) = of.split_once('>').unwrap(); let (t, c) = r.rsplit_once(':').unwrap();
        let share = if park.exchanges.iter().any(|x| x.status == parkflux::park::Status::Candidate && format!("{}>{}:{}", park.enterprise(x.from).label.id, park.enterprise(x.to).label.id, park.carrier(x.carrier).label.id) == of) { 1.0 } else { 0.0 };
        let change = Change { name: "x".into(), origin: Origin::file("x.toml"), action: Action::Exchange { of: FlowPattern { from: f.into(), to: t.into(), carrier: c.into() }, to: Size::Share(share) } };
        let s = Scenario { label: Label { id: "s".into(), name_en: "".into(), name_zh: "".into() }, extends: None, year: None, changes: vec![change], sweeps: vec![], origin: Origin::file("x.toml") };
        let t0 = std::time::Instant::now();
        match run(&base, &[&s]) {
            Ok(r) => {
                let d = r.results.less(&base.results);
                println!("== {of} share {share} found {:?} {:?}", r.applied.iter().map(|a| a.found).collect::<Vec<_>>(), t0.elapsed());
                for m in d.measures() { if d.total(m).abs() > 1e-6 || d.inside(m).abs() > 1e-6 { print!("{} in {:.1} out {:.1}; ", m.id(), d.inside(m), d.outside(m)); } }
                println!();
                for c in &r.conserved { if c.added > 1e-9 { println!("   not conserved {c:?}"); } }
                if of.len() < 8 { for (l, k) in r.calibrated.model.links.iter().enumerate() { let (a, b) = (r.calibrated.model.base[r.calibrated.model.processes + l], r.calibrated.model.quantity_in(&r.solved, l)); if a != b { println!("     {} {:.1} -> {:.1}", k.text(park), a, b); } } }
            }
            Err(e) => { println!("== {of} ERR"); for d in e.sorted() { println!("   {:?}", d.problem); } }
        }
    }
}
