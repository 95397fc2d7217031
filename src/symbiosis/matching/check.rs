//! Whether the numbers of a matching make a problem.

use super::{Giver, Limit, Matching, Outlet, Taker};

/// Why they do not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MatchError {
    /// A number is infinite or none.
    #[error("{of}: {what} is no finite number")]
    NotFinite {
        /// Of what.
        of: String,
        /// Which number.
        what: &'static str,
    },
    /// A number has the wrong sign.
    #[error("{of}: {what} must not be {sign}")]
    Sign {
        /// Of what.
        of: String,
        /// Which number.
        what: &'static str,
        /// What it is.
        sign: &'static str,
    },
    /// A list has not one number for each measure or quality.
    #[error("{of}: {what} has {found} numbers, not {expected}")]
    Length {
        /// Of what.
        of: String,
        /// Which list.
        what: &'static str,
        /// How many are needed.
        expected: usize,
        /// How many came.
        found: usize,
    },
    /// Something is pointed at that is not there, or that cannot stand there.
    #[error("{of}: there is no such {what}")]
    NoSuch {
        /// Of what.
        of: String,
        /// What is not there.
        what: &'static str,
    },
    /// Two rows are about one pair.
    #[error("{0}: two statements on one pair")]
    Twice(String),
}

type Checked = Result<(), MatchError>;

fn finite(of: &str, what: &'static str, value: f64) -> Checked {
    if value.is_finite() { Ok(()) } else { Err(MatchError::NotFinite { of: of.to_owned(), what }) }
}

fn not_negative(of: &str, what: &'static str, value: f64) -> Checked {
    finite(of, what, value)?;
    if value < 0.0 { Err(MatchError::Sign { of: of.to_owned(), what, sign: "negative" }) } else { Ok(()) }
}

fn list(of: &str, what: &'static str, values: &[f64], expected: usize) -> Checked {
    length(of, what, values.len(), expected)?;
    values.iter().try_for_each(|v| finite(of, what, *v))
}

fn length(of: &str, what: &'static str, found: usize, expected: usize) -> Checked {
    if found == expected { Ok(()) } else { Err(MatchError::Length { of: of.to_owned(), what, expected, found }) }
}

fn limits(of: &str, limits: &[Limit], expected: usize) -> Checked {
    length(of, "limits", limits.len(), expected)?;
    limits.iter().flat_map(|l| [l.min, l.max]).flatten().try_for_each(|v| finite(of, "limit", v))
}

/// Checks every number.
pub(super) fn check(of: &Matching) -> Checked {
    let (measures, qualities) = (of.measures.len(), of.qualities.len());
    if of.objective >= measures {
        return Err(MatchError::NoSuch { of: "objective".to_owned(), what: "measure" });
    }
    not_negative("least_difference", "difference of temperature", of.least_difference)?;
    if !of.transport.is_empty() {
        list("transport", "burden", &of.transport, measures)?;
    }
    for source in &of.sources {
        let name = &source.name;
        not_negative(name, "quantity", source.quantity)?;
        list(name, "qualities", &source.qualities, qualities)?;
        list(name, "disposal", &source.disposal, measures)?;
        if let Some((lo, hi)) = source.temperature {
            finite(name, "temperature", lo)?;
            finite(name, "temperature", hi)?;
            if hi < lo {
                return Err(MatchError::Sign { of: name.clone(), what: "upper temperature", sign: "below the lower" });
            }
        }
    }
    for sink in &of.sinks {
        not_negative(&sink.name, "demand", sink.demand)?;
        limits(&sink.name, &sink.limits, qualities)?;
        sink.temperature.map_or(Ok(()), |t| finite(&sink.name, "temperature", t))?;
    }
    for supply in &of.supplies {
        let name = &supply.name;
        supply.limit.map_or(Ok(()), |l| not_negative(name, "limit", l))?;
        list(name, "qualities", &supply.qualities, qualities)?;
        list(name, "burden", &supply.burden, measures)?;
        supply.temperature.map_or(Ok(()), |t| finite(name, "temperature", t))?;
        if supply.only.iter().flatten().any(|s| *s >= of.sinks.len()) {
            return Err(MatchError::NoSuch { of: name.clone(), what: "sink" });
        }
    }
    pools(of)?;
    pairs(of)
}

fn pools(of: &Matching) -> Checked {
    for pool in &of.pools {
        let name = &pool.name;
        pool.capacity.map_or(Ok(()), |c| not_negative(name, "capacity", c))?;
        limits(name, &pool.limits, of.qualities.len())?;
        list(name, "burden", &pool.burden, of.measures.len())?;
        not_negative(name, "recovery", pool.recovery)?;
        let sign = |sign| Err(MatchError::Sign { of: name.clone(), what: "recovery", sign });
        match &pool.outlet {
            Outlet::Stated(outlet) => list(name, "outlet", outlet, of.qualities.len())?,
            Outlet::Mixed if pool.recovery < 1.0 => return sign("below 1 where a pool only mixes"),
            Outlet::Mixed => {}
        }
        if pool.recovery > 1.0 {
            return sign("above 1");
        }
    }
    Ok(())
}

fn pairs(of: &Matching) -> Checked {
    for (at, pair) in of.pairs.iter().enumerate() {
        let giver = match pair.from {
            Giver::Source(i) => of.sources.get(i).map(|s| &s.name),
            Giver::Supply(i) => of.supplies.get(i).map(|s| &s.name),
            Giver::Pool(i) => of.pools.get(i).map(|p| &p.name),
        };
        let taker = match pair.to {
            Taker::Sink(i) => of.sinks.get(i).map(|s| &s.name),
            Taker::Pool(i) => of.pools.get(i).map(|p| &p.name),
        };
        let of_pair = format!("pair {}", at + 1);
        let Some(giver) = giver else { return Err(MatchError::NoSuch { of: of_pair, what: "giver" }) };
        let Some(taker) = taker else { return Err(MatchError::NoSuch { of: of_pair, what: "taker" }) };
        let name = format!("{giver} to {taker}");
        if matches!((pair.from, pair.to), (Giver::Pool(_), Taker::Pool(_))) {
            return Err(MatchError::NoSuch { of: name, what: "way from pool to pool" });
        }
        pair.limit.map_or(Ok(()), |l| not_negative(&name, "limit", l))?;
        not_negative(&name, "distance", pair.distance)?;
        not_negative(&name, "ratio", pair.ratio)?;
        if pair.ratio == 0.0 {
            return Err(MatchError::Sign { of: name, what: "ratio", sign: "0" });
        }
        if matches!(pair.to, Taker::Pool(_)) && (pair.ratio - 1.0).abs() > 0.0 {
            return Err(MatchError::Sign { of: name, what: "ratio into a pool", sign: "other than 1" });
        }
        if !pair.burden.is_empty() {
            list(&name, "burden", &pair.burden, of.measures.len())?;
        }
        if of.pairs[..at].iter().any(|p| (p.from, p.to) == (pair.from, pair.to)) {
            return Err(MatchError::Twice(name));
        }
    }
    Ok(())
}
