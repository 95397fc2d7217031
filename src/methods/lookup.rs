//! Where a method takes its values from: the process, the carrier, the factor sets.
//!
//! Order: `parameters.csv` of the process (narrowest row first), `carriers.csv`
//! (process, enterprise, park; month, year), then the park's factor sets in order of
//! preference. Which won and which lost goes into the trail.

use super::fuel::factor_source;
use super::production::measured_gas;
use crate::diagnostic::{Origin, Problem, Words};
use crate::factors::{Confidence, FactorSet, Loser, Parameter, Query, Reject, builtin_all};
use crate::ledger::{CarbonOrigin, Term, TermSource};
use crate::park::{CarrierId, Gas, Park, ProcessId};
use crate::quantity::{Basis, Dimension, Moisture, Period};

/// One process in one period, and who can answer for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lookup<'a> {
    pub(super) park: &'a Park,
    pub(super) sets: &'a [FactorSet],
    pub(super) process: ProcessId,
    pub(super) period: Period,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ask {
    pub(super) parameter: Parameter,
    /// Of which carrier; none for a value of the process itself.
    pub(super) carrier: Option<CarrierId>,
    /// Of which gas or pollutant.
    pub(super) gas: Option<Gas>,
    /// Which dimension the value must have.
    pub(super) dimension: Dimension,
}

/// A value with its trail.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) term: Term,
    pub(super) losers: Vec<Loser>,
    /// What a factor row says of the carbon.
    pub(super) biogenic: Option<bool>,
    /// The basis that a property or factor row states.
    pub(super) basis: Basis,
}

impl Answer {
    /// Where the carbon comes from; fossil where the row does not say.
    pub(super) fn origin(&self) -> CarbonOrigin {
        if self.biogenic == Some(true) { CarbonOrigin::Biogenic } else { CarbonOrigin::Fossil }
    }
}

impl Lookup<'_> {
    /// The value, from the narrowest source that has it.
    pub(super) fn find(&self, ask: Ask) -> Option<Answer> {
        self.find_as(ask, &self.park.process(self.process).technique)
    }

    /// The same, with factor rows for `technique`.
    pub(super) fn find_as(&self, ask: Ask, technique: &str) -> Option<Answer> {
        self.measured(ask).or_else(|| self.factor(ask, technique))
    }

    /// What the park itself states: the process first, then the carrier.
    pub(super) fn measured(&self, ask: Ask) -> Option<Answer> {
        let own = self.process_parameter(ask).map(|term| (term, Basis::default()));
        let (term, basis) = own.or_else(|| self.property(ask))?;
        Some(Answer { term, losers: Vec::new(), biogenic: None, basis })
    }

    /// A share by mass in a unit of a carrier on another basis: what is assayed dry holds for moist goods by their `dry_matter`, and
    /// the other way about; nothing where that is not known. Where either basis is not stated they are taken for the same.
    pub(super) fn share_in(&self, answer: &Answer, carrier: CarrierId, basis: Basis) -> Option<f64> {
        let share = answer.term.value;
        let (Some(of), Some(own)) = (answer.basis.moisture, basis.moisture) else { return Some(share) };
        let dry = || {
            let ask =
                Ask { parameter: Parameter::DryMatter, carrier: Some(carrier), gas: None, dimension: Dimension::NONE };
            self.find(ask).map(|a| a.term.value).filter(|dry| *dry > 0.0)
        };
        match (of, own) {
            _ if of == own || share == 0.0 => Some(share),
            (Moisture::Dry, Moisture::AsReceived) => Some(share * dry()?),
            (Moisture::AsReceived, Moisture::Dry) => Some(share / dry()?),
            _ => None,
        }
    }

    /// Sets of the library that the park does not list and that have a confirmed value.
    pub(super) fn unlisted(&self, ask: Ask) -> String {
        let carrier = ask.carrier.map_or("", |c| &*self.park.carrier(c).label.id);
        let listed = |set: &FactorSet| self.sets.iter().any(|s| s.id == set.id);
        let holds = |set: &FactorSet| {
            // Some values hold whatever the carrier: their rows name none.
            let mut rows = set.rows(carrier, ask.parameter).chain(set.rows("", ask.parameter));
            rows.any(|f| f.gas == ask.gas && f.confidence != Confidence::Unconfirmed)
        };
        let sets = builtin_all().into_iter().filter(|s| !listed(s) && holds(s)).map(|s| s.id.to_string());
        sets.collect::<Vec<_>>().join(", ")
    }

    /// The value, or the problem that it is missing.
    pub(super) fn need(&self, ask: Ask, method: (&'static str, &'static str)) -> Result<Answer, Box<Problem>> {
        self.find(ask).ok_or_else(|| {
            let process = self.park.process(self.process).label.id.to_string();
            let carrier = ask.carrier.map(|c| self.park.carrier(c).thing());
            let (en, zh) = ask.parameter.words();
            let gas = ask.gas.map(|g| format!(" {}", g.label())).unwrap_or_default();
            let of = |text: &str| carrier.as_ref().map(|c| format!("{text}'{}'", c.id)).unwrap_or_default();
            let of_zh = carrier.as_ref().map(|c| format!("（{}）", c.zh())).unwrap_or_default();
            let what = Words::new(format!("{en}{gas}{}", of(" of ")), format!("{zh}{gas}{of_zh}"));
            let key = ask.parameter.id().to_owned();
            let place = match ask.carrier {
                Some(_) if ask.parameter.is_property() => "carriers.csv",
                _ if ask.parameter.is_process_parameter() => "parameters.csv",
                _ => "factors.csv",
            };
            let method = Words::new(method.0, method.1);
            Box::new(Problem::MissingInput {
                method,
                what,
                key,
                place: place.to_owned(),
                process,
                sets: self.unlisted(ask),
            })
        })
    }

    /// The value, or a default by definition (`printed` says which).
    pub(super) fn or(&self, ask: Ask, value: f64, printed: &str) -> Answer {
        self.find(ask).unwrap_or_else(|| {
            let source = TermSource::Definition(printed.to_owned());
            let term =
                Term { name: ask.parameter.words(), value, printed: crate::quantity::significant(value, 6), source };
            Answer { term, losers: Vec::new(), biogenic: None, basis: Basis::default() }
        })
    }

    /// The narrowest row of `parameters.csv` that holds.
    fn process_parameter(&self, ask: Ask) -> Option<Term> {
        let rows = &self.park.parameters;
        let first = rows.partition_point(|p| (p.process, p.name) < (self.process, ask.parameter));
        let mut rows = rows[first..].iter().take_while(|p| (p.process, p.name) == (self.process, ask.parameter));
        let row = rows.find(|p| {
            p.dimension == ask.dimension
                && p.carrier.is_none_or(|c| Some(c) == ask.carrier)
                && p.gas.is_none_or(|g| Some(g) == ask.gas)
                && p.period.is_none_or(|period| period.contains(self.period))
        })?;
        let source = TermSource::Property(Origin::row("parameters.csv", row.row));
        Some(Term { name: ask.parameter.words(), value: row.value, printed: row.printed.clone(), source })
    }

    /// The narrowest row of `carriers.csv` that holds.
    fn property(&self, ask: Ask) -> Option<(Term, Basis)> {
        let carrier = ask.carrier?;
        // `carriers.csv` has no column for gases: its factors are those of CO2, or of the gas that a product is known for.
        let stated = measured_gas(&self.park.carrier(carrier).label.id, ask.parameter);
        if ask.gas.is_some_and(|g| g != stated) {
            return None;
        }
        let enterprise = self.park.process(self.process).enterprise;
        let rows = &self.park.properties;
        let first = rows.partition_point(|p| (p.carrier, p.name) < (carrier, ask.parameter));
        let rows = rows[first..].iter().take_while(|p| (p.carrier, p.name) == (carrier, ask.parameter));
        let holds = rows.filter(|p| p.dimension == ask.dimension && p.holds(enterprise, self.process, self.period));
        let row = holds.max_by_key(|p| (p.rank(), std::cmp::Reverse(p.row)))?;
        let source = TermSource::Property(Origin::row("carriers.csv", row.row));
        let term = Term { name: ask.parameter.words(), value: row.value, printed: row.printed.clone(), source };
        Some((term, row.basis))
    }

    /// The first row of the park's factor sets that fits, for a process of `technique`.
    pub(super) fn factor(&self, ask: Ask, technique: &str) -> Option<Answer> {
        let park = self.park;
        let enterprise = park.enterprise(park.process(self.process).enterprise);
        let carrier = ask.carrier.map_or("", |c| &*park.carrier(c).label.id);
        let mut losers = Vec::new();
        let mut winner = None;
        for set in self.sets {
            let search = set.search(&Query {
                carrier,
                parameter: ask.parameter,
                gas: ask.gas,
                technique,
                region: &park.settings.region,
                exact_region: false,
                year: self.period.year,
                sector: &enterprise.sector,
                enterprise: &enterprise.label.id,
                allow_unconfirmed: &park.settings.allow_unconfirmed,
            });
            losers.extend(search.losers);
            for factor in search.fits {
                let lost = |why| Loser { id: factor.id.clone(), why };
                if factor.dimension != ask.dimension {
                    losers.push(lost(Reject::Dimension));
                } else if winner.is_some() {
                    losers.push(lost(Reject::Preference));
                } else {
                    let source = factor_source(factor, set);
                    let name = ask.parameter.words();
                    let term = Term { name, value: factor.value, printed: factor.printed_text(), source };
                    winner = Some((term, factor.biogenic, factor.basis));
                }
            }
        }
        winner.map(|(term, biogenic, basis)| Answer { term, losers, biogenic, basis })
    }
}
