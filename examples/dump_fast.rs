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
    let inf = Influences::of(&package, &base.calibrated.model, &contributions(park, &inv, base.year));
    for (l, w) in &inf.unknown { println!("unknown {} {}", base.calibrated.model.links[*l].text(park), w.en); }
    for l in &inf.uncounted { println!("uncounted {}", base.calibrated.model.links[*l].text(park)); }
    let mut all: Vec<String> = vec!["*>*:*".into()];
    for x in &park.exchanges {
        all.push(format!("{}>{}:{}", park.enterprise(x.from).label.id, park.enterprise(x.to).label.id, park.carrier(x.carrier).label.id));
    }
    for of in all {
        let (f, r) = of.split_once('>').unwrap(); let (t, c) = r.rsplit_once(':').unwrap();
        let share = if park.exchanges.iter().any(|x| x.status == parkflux::park::Status::Candidate && format!("{}>{}:{}", park.enterprise(x.from).label.id, park.enterprise(x.to).label.id, park.carrier(x.carrier).label.id) == of) { 1.0 } else { 0.0 };
        let change = Change { name: "x".into(), origin: Origin::file("x.toml"), action: Action::Exchange { of: FlowPattern { from: f.into(), to: t.into(), carrier: c.into() }, to: Size::Share(share) } };
        let s = Scenario { label: Label { id: "s".into(), name_en: "".into(), name_zh: "".into() }, extends: None, year: None, changes: vec![change], sweeps: vec![], origin: Origin::file("x.toml") };
        let Ok(r) = run(&base, &[&s]) else { println!("{of} err"); continue };
        let fast = inf.results(&r.calibrated.model, &r.solved);
        let mut worst = (0.0, String::new());
        for (k, v) in &r.results.0 {
            let f = fast.0.get(k).copied().unwrap_or(0.0);
            let scale = r.results.sum(k.0, |_| true).abs().max(1.0);
            let e = (f - v).abs() / scale;
            if e > worst.0 { worst = (e, format!("{k:?} full {v} fast {f}")); }
        }
        println!("{of}: {worst:?}");
    }
}
