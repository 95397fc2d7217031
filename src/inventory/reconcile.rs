//! The line that reconciles the sum of the enterprises with the consolidated park.
//!
//! `sum = park + Σ terms`, each term with a name. Losses have an owner, since every
//! pool belongs to an enterprise.

use super::totals::{Bucket, amount, gwp};
use crate::factors::Gwp;
use crate::ledger::{Ledger, Line};
use crate::park::RuleSet;

/// Why a line counts differently in the two views.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// Energy passed between enterprises, at the buyer's factor.
    InternalTransfer,
    /// Energy bought over the fence and sold on to members.
    ResoldToMembers,
    /// Energy bought over the fence and sold on to consumers that are not members.
    ResoldOutside,
    /// Difference between seller's and buyer's meter.
    MeterDifference,
}

impl Reason {
    /// All reasons, in the order of the report.
    pub const ALL: [Self; 4] =
        [Self::InternalTransfer, Self::ResoldToMembers, Self::ResoldOutside, Self::MeterDifference];

    /// The id used in figures.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::InternalTransfer => "internal_transfer",
            Self::ResoldToMembers => "resold_to_members",
            Self::ResoldOutside => "resold_outside",
            Self::MeterDifference => "meter_difference",
        }
    }

    /// The words in English and Chinese.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::InternalTransfer => ("internal transfers, at the buyer's factor", "园内转供，按买方因子"),
            Self::ResoldToMembers => ("bought for resale to members", "购入后转售给园内企业"),
            Self::ResoldOutside => ("bought for resale to consumers that are not members", "购入后转售给园外用户"),
            Self::MeterDifference => ("difference between seller's and buyer's meters", "买卖双方计量差"),
        }
    }
}

/// How much of the difference `sum − park` a line makes for one reason. Unit: t of
/// its gas.
#[must_use]
pub fn share(line: &Line, bucket: Bucket, rule: RuleSet, reason: Reason) -> f64 {
    let difference = amount(line, bucket, false, rule) - amount(line, bucket, true, rule);
    if difference == 0.0 {
        return 0.0;
    }
    if line.crosses {
        let outside = line.resold_outside;
        return match reason {
            Reason::ResoldToMembers => difference * (1.0 - outside),
            Reason::ResoldOutside => difference * outside,
            Reason::InternalTransfer | Reason::MeterDifference => 0.0,
        };
    }
    // Both meters read it: the seller's figure is the transfer, the rest the meters' difference.
    let seller = match line.counterpart {
        Some(other) if !line.source.is_export() && line.quantity != 0.0 => difference * other / line.quantity,
        _ => difference,
    };
    match reason {
        Reason::InternalTransfer => seller,
        Reason::MeterDifference => difference - seller,
        Reason::ResoldToMembers | Reason::ResoldOutside => 0.0,
    }
}

/// One term of the reconciliation of a year. Unit: t CO2e.
#[must_use]
pub fn term(ledger: &Ledger, set: &Gwp, year: u16, bucket: Bucket, rule: RuleSet, reason: Reason) -> f64 {
    let lines = ledger.lines.iter().filter(|l| l.period.year == year);
    let parts = lines.filter_map(|l| match share(l, bucket, rule, reason) {
        0.0 => None,
        part => Some(part * gwp(l, set)),
    });
    parts.sum()
}
