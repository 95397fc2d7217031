//! The manifest: what a result was made from.

use crate::inventory::Inventory;
use crate::package::Package;
use crate::park::{AllocationRule, InternalFactor};
use serde_json::{Value, json};

/// Inputs, factor rows, options and program version of an inventory. It holds no
/// time and no path, so that a second run gives the same bytes.
#[must_use]
pub fn manifest(package: &Package, inventory: &Inventory) -> Value {
    let settings = &package.park.settings;
    let used: Vec<&str> = inventory.factors_used().into_iter().map(|f| &*f.id).collect();
    let inputs: Vec<Value> =
        package.files.iter().map(|f| json!({ "file": f.name, "sha256": f.sha256, "rows": f.rows })).collect();
    let mut sets: Vec<Value> =
        inventory.sets.iter().map(|s| json!({ "id": &*s.id, "sha256": s.sha256, "edition": s.edition })).collect();
    sets.push(json!({ "id": "gwp", "sha256": inventory.gwp.sha256, "edition": inventory.gwp.set.id() }));
    json!({
        "tool": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "park": &*package.park.label.id,
        "inputs": inputs,
        "factor_sets": sets,
        "factors_used": used,
        "options": {
            "rule_set": settings.rule_set.id(),
            "gwp_set": settings.gwp_set.id(),
            "periods": settings.periods.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "internal_factor": match settings.internal_factor {
                InternalFactor::Own => "own",
                InternalFactor::Published => "published",
            },
            "chp_rule": settings.chp_rule.map(AllocationRule::id),
            "surroundings_k": settings.surroundings.0,
            "flow_values": settings.flow_values.id(),
            "balance_limit": settings.balance_limit,
            "allow_unconfirmed": settings.allow_unconfirmed,
            "gases": settings.gases.iter().map(|g| g.id()).collect::<Vec<_>>(),
            "region": settings.region,
            "grid_region": settings.grid_region,
            "grid_year": settings.grid_year,
            "heat_datum": settings.heat_datum.id(),
            "electricity_tce_kgce_per_kwh": settings.electricity_tce.kgce_per_kwh(),
        },
    })
}
