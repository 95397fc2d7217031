//! Which values turn a quantity of fuel into tonnes of a gas.
//!
//! Order: what was measured in the park first, then the park's factor sets in
//! order of preference. A set wins only with all the values that its route needs;
//! calorific value, carbon content and oxidation are never mixed between sets.

use crate::diagnostic::Origin;
use crate::factors::{CarbonRatio, Factor, FactorSet, Loser, Parameter, Query, Reject};
use crate::ledger::{CarbonOrigin, Term, TermSource};
use crate::park::{Carrier, CarrierId, Flow, Gas, Node, Park, ProcessId, Property};
use crate::quantity::{Basis, Calorific, Dimension, Period};
use std::collections::HashMap;

/// Words of the terms, in English and Chinese.
pub(super) mod words {
    pub const NCV: (&str, &str) = super::super::NCV;
    pub const GCV: (&str, &str) = ("gross calorific value", "高位发热量");
    pub const CARBON: (&str, &str) = ("carbon content", "含碳量");
    pub const CARBON_AS_CO2: (&str, &str) = ("carbon held, as CO2", "所含碳折 CO2");
    pub const OXIDATION: (&str, &str) = ("oxidation factor", "氧化率");
    pub const RATIO: (&str, &str) = ("CO2 per carbon", "二氧化碳与碳之比");
    pub const FACTOR: (&str, &str) = ("emission factor", "排放因子");
    pub const STATE: (&str, &str) = ("volume at the factor's reference state", "换算到因子的参比状态");
    pub const ENTHALPY: (&str, &str) = ("specific enthalpy", "比焓");
    pub const COVERED: (&str, &str) = ("share covered by instruments", "绿电凭证覆盖的份额");
    pub const UNCOVERED: (&str, &str) = ("share not covered by instruments", "未被凭证覆盖的份额");
}

/// A value with its citation, from a set or from the park.
#[derive(Debug, Clone)]
struct Cited {
    value: f64,
    dimension: Dimension,
    basis: Basis,
    printed: String,
    source: TermSource,
}

impl Cited {
    fn factor(factor: &Factor, set: &FactorSet) -> Self {
        Self {
            value: factor.value,
            dimension: factor.dimension,
            basis: factor.basis,
            printed: factor.printed_text(),
            source: factor_source(factor, set),
        }
    }

    fn property(property: &Property) -> Self {
        Self {
            value: property.value,
            dimension: property.dimension,
            basis: property.basis,
            printed: property.printed.clone(),
            source: TermSource::Property(Origin::row("carriers.csv", property.row)),
        }
    }

    fn term(self, name: (&'static str, &'static str)) -> Term {
        Term { name, value: self.value, printed: self.printed, source: self.source }
    }
}

/// The citation of a factor row.
pub(super) fn factor_source(factor: &Factor, set: &FactorSet) -> TermSource {
    TermSource::Factor {
        id: factor.id.clone(),
        origin: Origin::row(set.file.clone(), factor.row),
        citation: factor.citation(),
        confidence: factor.confidence,
    }
}

/// The product that turns a quantity of fuel into a gas.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) terms: Vec<Term>,
    pub(super) origin: CarbonOrigin,
    pub(super) losers: Vec<Loser>,
}

/// Routes of one fuel at one process: for each gas of the park, or why there is none.
pub(super) type Routes = Vec<(Gas, Result<Route, Vec<Loser>>)>;

/// A quantity of fuel whose gases are looked for.
pub(super) struct Fuel<'a> {
    pub(super) park: &'a Park,
    pub(super) sets: &'a [FactorSet],
    pub(super) process: ProcessId,
    pub(super) period: Period,
    pub(super) carrier: CarrierId,
    pub(super) dimension: Dimension,
    pub(super) basis: Basis,
}

impl<'a> Fuel<'a> {
    /// Routes for every gas that the park covers.
    pub(super) fn routes(&self) -> Routes {
        let (co2, won) = self.co2();
        let biogenic = self.is_biogenic();
        let gases = self.park.settings.gases.iter().copied();
        gases
            .map(|gas| match gas {
                Gas::Co2 => (gas, co2.clone()),
                _ => (gas, self.other_gas(gas, won, biogenic)),
            })
            .collect()
    }

    /// All the carbon of the quantity as CO2, whatever becomes of it: no oxidation factor.
    ///
    /// By `carbon_content`, else `carbon_as_co2`, else (materials only, whose factors
    /// hold no oxidation) an emission factor of CO2: measured in the park first, then
    /// set by set.
    pub(super) fn carbon(&self) -> Result<Route, Vec<Loser>> {
        let material = !self.carrier().kind.is_fuel();
        let ways = [
            (Parameter::CarbonContent, None, words::CARBON),
            (Parameter::CarbonAsCo2, None, words::CARBON_AS_CO2),
            (Parameter::EmissionFactor, Some(Gas::Co2), words::FACTOR),
        ];
        let ways = &ways[..if material { 3 } else { 2 }];
        let measured = ways.iter().find_map(|&(parameter, _, name)| {
            self.properties(parameter).find_map(|p| {
                let cited = Cited::property(p);
                let set = self.sets.iter().find(|s| self.bridge(&cited, Some(s)).is_ok());
                let mut terms = self.bridge(&cited, set).ok()?;
                terms.push(cited.term(name));
                if parameter == Parameter::CarbonContent {
                    terms.push(ratio(&self.ratio(set)));
                }
                Some(terms)
            })
        });
        let mut losers = Vec::new();
        let mut winner = measured.map(|terms| (terms, self.origin(None)));
        for set in self.sets {
            for &(parameter, gas, name) in ways {
                let found = self.search(set, parameter, gas);
                losers.extend(found.losers);
                for factor in found.fits {
                    let lost = |why| Loser { id: factor.id.clone(), why };
                    if winner.is_some() {
                        losers.push(lost(Reject::Preference));
                        continue;
                    }
                    let cited = Cited::factor(factor, set);
                    match self.bridge(&cited, Some(set)) {
                        Ok(mut terms) => {
                            terms.push(cited.term(name));
                            if parameter == Parameter::CarbonContent {
                                terms.push(ratio(&set.ratio));
                            }
                            winner = Some((terms, self.origin(factor.biogenic)));
                        }
                        Err(why) => losers.push(lost(why)),
                    }
                }
            }
        }
        match winner {
            Some((terms, origin)) => Ok(Route { terms, origin, losers }),
            None => Err(losers),
        }
    }

    fn carrier(&self) -> &'a Carrier {
        self.park.carrier(self.carrier)
    }

    /// CO2, and the set that gave it.
    fn co2(&self) -> (Result<Route, Vec<Loser>>, Option<&'a FactorSet>) {
        let mut losers = Vec::new();
        let measured = self.measured_co2();
        let mut winner: Option<(Vec<Term>, CarbonOrigin, Option<&'a FactorSet>)> =
            measured.map(|terms| (terms, self.origin(None), None));
        for set in self.sets {
            let direct = self.search(set, Parameter::EmissionFactor, Some(Gas::Co2));
            let carbon = self.search(set, Parameter::CarbonContent, None);
            losers.extend(direct.losers.iter().chain(&carbon.losers).cloned());
            for factor in direct.fits.into_iter().chain(carbon.fits) {
                let lost = |why| Loser { id: factor.id.clone(), why };
                if winner.is_some() {
                    losers.push(lost(Reject::Preference));
                    continue;
                }
                match self.by_factor(factor, set) {
                    Ok(terms) => winner = Some((terms, self.origin(factor.biogenic), Some(set))),
                    Err(why) => losers.push(lost(why)),
                }
            }
        }
        match winner {
            Some((terms, origin, set)) => (Ok(Route { terms, origin, losers }), set),
            None => (Err(losers), None),
        }
    }

    /// CO2 by what the park itself measured.
    fn measured_co2(&self) -> Option<Vec<Term>> {
        let direct = self.properties(Parameter::EmissionFactor).find_map(|p| {
            let cited = Cited::property(p);
            let mut terms = self.bridge(&cited, None).ok()?;
            terms.push(cited.term(words::FACTOR));
            Some(terms)
        });
        direct.or_else(|| {
            self.properties(Parameter::CarbonContent).find_map(|p| {
                let cited = Cited::property(p);
                // The calorific value may be a default where only the carbon was measured by energy.
                let set = self.sets.iter().find(|s| self.bridge(&cited, Some(s)).is_ok());
                let mut terms = self.bridge(&cited, set).ok()?;
                terms.push(cited.term(words::CARBON));
                terms.push(self.oxidation(set)?);
                terms.push(ratio(&self.ratio(set)));
                Some(terms)
            })
        })
    }

    /// CO2 by a factor row of a set, with the set's other values.
    fn by_factor(&self, factor: &Factor, set: &'a FactorSet) -> Result<Vec<Term>, Reject> {
        let cited = Cited::factor(factor, set);
        let mut terms = self.bridge(&cited, Some(set))?;
        if factor.parameter == Parameter::EmissionFactor {
            terms.push(cited.term(words::FACTOR));
        } else {
            terms.push(cited.term(words::CARBON));
            terms.push(self.oxidation(Some(set)).ok_or(Reject::Incomplete)?);
            terms.push(ratio(&set.ratio));
        }
        Ok(terms)
    }

    /// CH4 or N2O: a factor on energy, with the calorific value that CO2 used.
    fn other_gas(&self, gas: Gas, won: Option<&'a FactorSet>, biogenic: CarbonOrigin) -> Result<Route, Vec<Loser>> {
        let mut losers = Vec::new();
        let mut winner: Option<Vec<Term>> = None;
        for set in self.sets {
            let found = self.search(set, Parameter::EmissionFactor, Some(gas));
            losers.extend(found.losers);
            for factor in found.fits {
                let lost = |why| Loser { id: factor.id.clone(), why };
                if winner.is_some() {
                    losers.push(lost(Reject::Preference));
                    continue;
                }
                let cited = Cited::factor(factor, set);
                let bridged = self.bridge(&cited, won.or(Some(set))).or_else(|_| self.bridge(&cited, Some(set)));
                match bridged {
                    Ok(mut terms) => {
                        terms.push(cited.term(words::FACTOR));
                        winner = Some(terms);
                    }
                    Err(why) => losers.push(lost(why)),
                }
            }
        }
        match winner {
            Some(terms) => Ok(Route { terms, origin: biogenic, losers }),
            None => Err(losers),
        }
    }

    /// Terms that turn the fuel quantity into what `content` is per: nothing, a
    /// change of gas state, or a calorific value (measured, else of `set`).
    fn bridge(&self, content: &Cited, set: Option<&FactorSet>) -> Result<Vec<Term>, Reject> {
        let per = Dimension::MASS / content.dimension;
        if per == self.dimension {
            return self.same_basis(content.basis);
        }
        if per != Dimension::ENERGY || self.dimension == Dimension::ENERGY {
            return Err(Reject::Dimension);
        }
        let calorific = content.basis.calorific.ok_or(Reject::Basis)?;
        let (value, name) = self.calorific_value(calorific, set)?;
        let mut terms = self.same_basis(value.basis)?;
        terms.push(value.term(name));
        Ok(terms)
    }

    /// The calorific value on one basis, per unit of the fuel quantity.
    fn calorific_value(
        &self,
        calorific: Calorific,
        set: Option<&FactorSet>,
    ) -> Result<(Cited, (&'static str, &'static str)), Reject> {
        let (parameter, name) = match calorific {
            Calorific::Net => (Parameter::Ncv, words::NCV),
            Calorific::Gross => (Parameter::Gcv, words::GCV),
        };
        let wanted = Dimension::ENERGY / self.dimension;
        if let Some(measured) = self.properties(parameter).find(|p| p.dimension == wanted) {
            return Ok((Cited::property(measured), name));
        }
        let set = set.ok_or(Reject::Incomplete)?;
        let found = self.search(set, parameter, None);
        let factor = found.fits.into_iter().find(|f| f.dimension == wanted).ok_or(Reject::Incomplete)?;
        Ok((Cited::factor(factor, set), name))
    }

    /// Net energy per unit of the fuel quantity: measured, else of the first set that has
    /// it on this basis. Unit: GJ per canonical unit.
    fn net_energy(&self) -> Option<f64> {
        let sets = std::iter::once(None).chain(self.sets.iter().map(Some));
        sets.into_iter().find_map(|set| {
            let (value, _) = self.calorific_value(Calorific::Net, set).ok()?;
            let state = self.same_basis(value.basis).ok()?;
            Some(value.value * state.iter().map(|t| t.value).product::<f64>())
        })
    }

    /// Whether a value on `other` basis applies to the fuel quantity; a gas volume
    /// between two stated reference states is converted.
    fn same_basis(&self, other: Basis) -> Result<Vec<Term>, Reject> {
        let own = self.basis;
        match self.dimension {
            Dimension::ENERGY if own.calorific != other.calorific => Err(Reject::Basis),
            Dimension::MASS => match (own.moisture, other.moisture) {
                (Some(a), Some(b)) if a != b => Err(Reject::Basis),
                _ => Ok(Vec::new()),
            },
            Dimension::VOLUME => match (own.state, other.state) {
                (None, None) => Ok(Vec::new()),
                (Some(a), Some(b)) => {
                    let value = a.volume_ratio(b).ok_or(Reject::Basis)?;
                    // invariant: a ratio of exactly one means equal states.
                    if a == b {
                        return Ok(Vec::new());
                    }
                    let kelvin = |s: crate::quantity::GasState| s.kelvin().unwrap_or_default();
                    let printed = format!("{} K / {} K", kelvin(b), kelvin(a));
                    let source = TermSource::Definition("ideal gas at 101.325 kPa".to_owned());
                    Ok(vec![Term { name: words::STATE, value, printed, source }])
                }
                _ => Err(Reject::Basis),
            },
            _ => Ok(Vec::new()),
        }
    }

    /// The oxidation factor, measured or of the set.
    fn oxidation(&self, set: Option<&FactorSet>) -> Option<Term> {
        if let Some(measured) = self.properties(Parameter::Oxidation).next() {
            return Some(Cited::property(measured).term(words::OXIDATION));
        }
        let sets: Vec<&FactorSet> = set.map_or_else(|| self.sets.iter().collect(), |s| vec![s]);
        sets.into_iter().find_map(|set| {
            let factor = self.search(set, Parameter::Oxidation, None).fits.first().copied()?;
            Some(Cited::factor(factor, set).term(words::OXIDATION))
        })
    }

    fn ratio(&self, set: Option<&FactorSet>) -> CarbonRatio {
        set.or(self.sets.first()).map_or_else(CarbonRatio::compliance, |s| s.ratio.clone())
    }

    /// Measured properties that hold here, narrowest first.
    fn properties(&self, name: Parameter) -> impl Iterator<Item = &'a Property> {
        let enterprise = self.park.process(self.process).enterprise;
        let mut list: Vec<&Property> = self
            .park
            .properties
            .iter()
            .filter(|p| p.carrier == self.carrier && p.name == name && p.holds(enterprise, self.process, self.period))
            .collect();
        list.sort_by_key(|p| (std::cmp::Reverse(p.rank()), p.row));
        list.into_iter()
    }

    fn search<'s>(&self, set: &'s FactorSet, parameter: Parameter, gas: Option<Gas>) -> crate::factors::Search<'s> {
        let process = self.park.process(self.process);
        let enterprise = self.park.enterprise(process.enterprise);
        set.search(&Query {
            carrier: &self.carrier().label.id,
            parameter,
            gas,
            technique: &process.technique,
            region: &self.park.settings.region,
            exact_region: false,
            year: self.period.year,
            sector: &enterprise.sector,
            enterprise: &enterprise.label.id,
            allow_unconfirmed: &self.park.settings.allow_unconfirmed,
        })
    }

    /// Origin of the carbon: what the row says, else what any set says of the carrier.
    fn origin(&self, biogenic: Option<bool>) -> CarbonOrigin {
        match biogenic {
            Some(true) => CarbonOrigin::Biogenic,
            Some(false) => CarbonOrigin::Fossil,
            None => self.is_biogenic(),
        }
    }

    /// What the rows that hold here say of the carrier's carbon, in the order of
    /// preference; fossil where none says it.
    fn is_biogenic(&self) -> CarbonOrigin {
        let asked = [
            (Parameter::EmissionFactor, Some(Gas::Co2)),
            (Parameter::CarbonContent, None),
            (Parameter::Ncv, None),
            (Parameter::EmissionFactor, Some(Gas::Ch4)),
        ];
        let mut said = self.sets.iter().flat_map(|set| {
            let rows = asked.iter().flat_map(|&(parameter, gas)| self.search(set, parameter, gas).fits);
            rows.filter_map(|f| f.biogenic).collect::<Vec<bool>>()
        });
        if said.next() == Some(true) { CarbonOrigin::Biogenic } else { CarbonOrigin::Fossil }
    }
}

/// Net energy of each flow of a fuel that is measured by mass or volume, where its
/// calorific value is known; nothing for other rows. Unit: GJ.
#[must_use]
pub fn net_energies(park: &Park, sets: &[FactorSet]) -> Vec<Option<f64>> {
    let mut known = HashMap::new();
    let mut energy = |flow: &Flow| {
        let quantity = flow.quantity.filter(|q| q.dimension != Dimension::ENERGY)?;
        // The user of a fuel knows it best.
        let ((Node::Process(process), _) | (_, Node::Process(process))) = (flow.to, flow.from) else { return None };
        let (carrier, period, dimension, basis) = (flow.carrier, flow.period, quantity.dimension, quantity.basis);
        let per_unit = *known
            .entry((carrier, process, period, dimension, basis))
            .or_insert_with(|| Fuel { park, sets, process, period, carrier, dimension, basis }.net_energy());
        per_unit.map(|e| e * quantity.value)
    };
    park.flows.iter().map(|f| if park.carrier(f.carrier).kind.is_fuel() { energy(f) } else { None }).collect()
}

/// The term of the carbon ratio.
fn ratio(ratio: &CarbonRatio) -> Term {
    let source = TermSource::Definition(format!("molar masses, {} as the factor set says", ratio.printed));
    Term { name: words::RATIO, value: ratio.value, printed: ratio.printed.to_string(), source }
}
