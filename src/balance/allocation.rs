//! Which share of a process's burden each of its products bears, by rule.
//!
//! | rule | heat against power | source |
//! |---|---|---|
//! | energy | `H / (H + P)` | GHG Protocol, allocation by energy content |
//! | exergy | `X_H / (X_H + P)`, `X = (h − h0) − T0 (s − s0)` or `1 − T0/T` | IAPWS-IF97; Carnot |
//! | `supply_heat_ratio` | heat supplied over heat of the boilers | 供热比, GB/T 32151.1 |
//! | efficiency | `(H/η_H) / (H/η_H + P/η_P)` | WRI and WBCSD, CHP tool (2006): 0.80 and 0.35 |
//! | mass, price | by what each weighs, or sells for | ISO 14044:2006, 4.3.4.2 |
//! | substitution | co-products bear what they displace | ISO 14044:2006, 4.3.4.2 |

use super::supply::{Outflow, Supply};
use crate::diagnostic::Words;
use crate::methods::{Deliveries, UtilityKind};
use crate::park::exergy::{Exergy, exergy};
use crate::park::{AllocationRule, CarrierId, Node, Parameter, Park, ProcessId, Role};
use crate::quantity::Dimension;
use std::collections::BTreeMap;

/// Reference efficiencies of the WRI and WBCSD tool where a park states none: heat and power. Unit: 1.
pub const REFERENCE: (f64, f64) = (0.80, 0.35);

/// Shares by product; they add up to one.
pub type Shares = BTreeMap<CarrierId, f64>;

/// A process of which the burden is to be shared.
#[derive(Debug, Clone, Copy)]
pub struct Maker<'a> {
    /// The park.
    pub park: &'a Park,
    /// What its utility rows deliver.
    pub deliveries: &'a Deliveries,
    /// The process.
    pub process: ProcessId,
    /// What it gives and takes.
    pub supply: &'a Supply,
    /// In which year.
    pub year: u16,
}

/// Shares in proportion to weights.
///
/// Returns `None` where the weights add up to nothing.
#[must_use]
pub fn in_proportion(weights: &BTreeMap<CarrierId, f64>) -> Option<Shares> {
    let sum: f64 = weights.values().sum();
    (sum > 0.0).then(|| weights.iter().map(|(&c, w)| (c, w / sum)).collect())
}

impl Maker<'_> {
    /// The shares of its products by a rule. By substitution, co-products have no share: they bear what they displace.
    ///
    /// # Errors
    /// What is missing, in both languages.
    pub fn shares(&self, rule: AllocationRule) -> Result<Shares, Words> {
        let nothing = || Words::new("nothing leaves it usefully", "没有有效送出量");
        match rule {
            AllocationRule::SupplyHeatRatio => self.by_heat_ratio(),
            AllocationRule::Substitution => self.by_substitution(),
            _ => {
                let weights: Result<_, Words> =
                    self.supply.outputs.iter().map(|(&c, o)| Ok((c, self.weight(rule, c, o)?))).collect();
                in_proportion(&weights?).ok_or_else(nothing)
            }
        }
    }

    fn kind(&self, carrier: CarrierId) -> Option<UtilityKind> {
        UtilityKind::of_carrier(self.park, carrier)
    }

    fn id(&self, carrier: CarrierId) -> &str {
        &self.park.carrier(carrier).label.id
    }

    fn weight(&self, rule: AllocationRule, carrier: CarrierId, outflow: &Outflow) -> Result<f64, Words> {
        match rule {
            AllocationRule::Exergy => self.exergy(carrier, outflow),
            AllocationRule::Efficiency => Ok(self.energy(carrier, outflow)? / self.reference(carrier)?),
            AllocationRule::Mass => self.mass(carrier, outflow),
            AllocationRule::Price => self.revenue(carrier, outflow),
            _ => self.energy(carrier, outflow),
        }
    }

    /// Unit: GJ.
    fn energy(&self, carrier: CarrierId, outflow: &Outflow) -> Result<f64, Words> {
        if outflow.mixed || outflow.dimension != Dimension::ENERGY {
            let id = self.id(carrier);
            return Err(Words::new(format!("{id} is not measured as energy"), format!("{id} 未以能量计量")));
        }
        Ok(outflow.useful)
    }

    /// The efficiency at which a product would be made alone. Unit: 1.
    fn reference(&self, carrier: CarrierId) -> Result<f64, Words> {
        let stated = self.park.parameter(self.process, Parameter::ReferenceEfficiency, Some(carrier), self.year);
        let default = match self.kind(carrier) {
            Some(UtilityKind::Heat) => Some(REFERENCE.0),
            Some(UtilityKind::Electricity) => Some(REFERENCE.1),
            Some(UtilityKind::Cooling) | None => None,
        };
        stated.map(|p| p.value).filter(|e| *e > 0.0).or(default).ok_or_else(|| {
            let id = self.id(carrier);
            Words::new(
                format!("parameters.csv has no reference_efficiency for {id}"),
                format!("parameters.csv 中没有 {id} 的 reference_efficiency（参考效率）"),
            )
        })
    }

    /// Exergy by row, since steam may have another state each month. Unit: GJ.
    fn exergy(&self, carrier: CarrierId, outflow: &Outflow) -> Result<f64, Words> {
        let t0 = self.park.settings.surroundings;
        let mut sum = 0.0;
        for &(i, amount) in &outflow.rows {
            let flow = &self.park.flows[i];
            // What comes back is water in its own state; it was read where it left.
            let returned = self.deliveries.get(i).is_some_and(|d| d.returned);
            let place = match flow.from {
                Node::Process(from) if returned => from,
                _ => self.process,
            };
            if self.kind(carrier).is_none() {
                let id = self.id(carrier);
                return Err(Words::new(format!("{id} is no energy"), format!("{id} 不是能源")));
            }
            let found = exergy(self.park, flow.carrier, place, flow.period, t0).map_err(|fault| {
                let (id, why) = (self.id(flow.carrier), fault.words());
                Words::new(
                    format!("the exergy of {id} needs its pressure and temperature in carriers.csv ({})", why.en),
                    format!("{id} 的㶲需要 carriers.csv 中的压力与温度（{}）", why.zh),
                )
            })?;
            sum += match found {
                Exergy::Energy(ratio) => amount * ratio,
                Exergy::Fluid { exergy, heat } if heat > 0.0 => amount * exergy / heat,
                Exergy::Fluid { .. } => 0.0,
            };
        }
        Ok(sum)
    }

    /// Unit: t.
    fn mass(&self, carrier: CarrierId, outflow: &Outflow) -> Result<f64, Words> {
        let weigh = |&(i, amount): &(usize, f64)| {
            let quantity = self.park.flows[i].quantity.filter(|q| q.dimension == Dimension::MASS)?;
            Some(quantity.value * if amount < 0.0 { -1.0 } else { 1.0 })
        };
        outflow.rows.iter().map(weigh).sum::<Option<f64>>().ok_or_else(|| {
            let id = self.id(carrier);
            Words::new(format!("{id} is not measured in t"), format!("{id} 未以质量（t）计量"))
        })
    }

    /// Unit: RMB.
    fn revenue(&self, carrier: CarrierId, outflow: &Outflow) -> Result<f64, Words> {
        let sell = |&(i, amount): &(usize, f64)| {
            let flow = &self.park.flows[i];
            let price = self.park.property(carrier, self.process, flow.period, Parameter::Price)?;
            let quantity = flow.quantity?;
            if price.dimension == Dimension::MONEY / quantity.dimension {
                let sign = if amount < 0.0 { -1.0 } else { 1.0 };
                return Some(sign * quantity.value * price.value);
            }
            (price.dimension == Dimension::MONEY / outflow.dimension).then_some(amount * price.value)
        };
        outflow.rows.iter().map(sell).sum::<Option<f64>>().ok_or_else(|| {
            let id = self.id(carrier);
            Words::new(
                format!("carriers.csv has no price of {id} for the unit in which it is measured"),
                format!("carriers.csv 中没有 {id} 按其计量单位的 price（价格）"),
            )
        })
    }

    /// 供热比: stated, or heat supplied over the heat of the boilers; what is left is power's.
    fn by_heat_ratio(&self) -> Result<Shares, Words> {
        let outputs = &self.supply.outputs;
        let of = |kind: UtilityKind| -> BTreeMap<CarrierId, f64> {
            outputs.iter().filter(|(c, _)| self.kind(**c) == Some(kind)).map(|(&c, o)| (c, o.useful)).collect()
        };
        let (heat, power) = (of(UtilityKind::Heat), of(UtilityKind::Electricity));
        let other = outputs.keys().find(|c| !heat.contains_key(c) && !power.contains_key(c));
        if let Some(&other) = other {
            let id = self.id(other);
            return Err(Words::new(
                format!("the supply-heat ratio shares between heat and power; {id} is neither"),
                format!("供热比只在热与电之间分摊，{id} 两者皆非"),
            ));
        }
        let (Some(heat), Some(power)) = (in_proportion(&heat), in_proportion(&power)) else {
            return Err(Words::new("it does not give both heat and power", "它未同时供热与供电"));
        };
        let supplied: f64 = outputs.iter().filter(|(c, _)| heat.contains_key(c)).map(|(_, o)| o.useful).sum();
        let stated = |name| self.park.parameter(self.process, name, None, self.year).map(|p| p.value);
        let boilers = stated(Parameter::BoilerHeat).filter(|q| *q > 0.0).map(|q| supplied / q);
        let Some(ratio) = stated(Parameter::SupplyHeatRatio).or(boilers) else {
            return Err(Words::new(
                "parameters.csv has neither its supply_heat_ratio nor its boiler_heat in GJ",
                "parameters.csv 中既无 supply_heat_ratio（供热比）也无 boiler_heat（锅炉总产热量，GJ）",
            ));
        };
        if !(0.0..=1.0).contains(&ratio) {
            return Err(Words::new(
                "more heat is supplied than its boilers make (boiler_heat)",
                "供热量大于锅炉总产热量（boiler_heat）",
            ));
        }
        let heat = heat.into_iter().map(|(c, s)| (c, s * ratio));
        Ok(heat.chain(power.into_iter().map(|(c, s)| (c, s * (1.0 - ratio)))).collect())
    }

    /// The determining products share by energy what the co-products leave.
    fn by_substitution(&self) -> Result<Shares, Words> {
        let outputs = &self.supply.outputs;
        let determining = self.determining();
        let main: BTreeMap<CarrierId, f64> =
            outputs.iter().filter(|(c, _)| determining.contains(c)).map(|(&c, o)| (c, o.useful)).collect();
        let units = main.keys().map(|c| outputs[c].dimension).collect::<Vec<_>>();
        if units.windows(2).any(|pair| pair[0] != pair[1]) {
            return Err(Words::new(
                "its determining products are measured in different units",
                "其主产品的计量单位不同",
            ));
        }
        let shares = in_proportion(&main).filter(|_| main.len() < outputs.len()).ok_or_else(|| {
            Words::new(
                "outputs.csv does not say which product determines it and which is a co-product (column role)",
                "outputs.csv 未写明主产品与联产品（role 列）",
            )
        })?;
        Ok(outputs.keys().map(|&c| (c, shares.get(&c).copied().unwrap_or_default())).collect())
    }

    /// The products that its rows call determining.
    #[must_use]
    pub fn determining(&self) -> Vec<CarrierId> {
        let rows = self.park.outputs.iter().filter(|o| o.process == self.process && o.role == Role::Determining);
        rows.map(|o| o.carrier).collect()
    }
}
