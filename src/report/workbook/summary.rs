//! The tables that people read first: parts by gas for the park and for the sum of the
//! enterprises, and the parts of every enterprise and sector.

use super::figures;
use super::plan::Plan;
use super::sheet::{HEAD, Look, Written, head};
use crate::inventory::{Bucket, Selector, View, What};
use crate::park::{EnterpriseId, Gas};
use crate::report::inventory::bucket_words;
use rust_xlsxwriter::{Formula, Worksheet};
use std::collections::BTreeSet;

pub(super) const SHEET: &str = "Summary";
pub(super) const MEMBERS: &str = "Members";

/// Parts by gas, by year, for the park as a whole and the sum of the enterprises.
pub(super) fn sheet(plan: &Plan) -> Written<Worksheet> {
    let rule = plan.park.settings.rule_set;
    let mut gases = BTreeSet::new();
    for figure in &plan.inventory.figures {
        if let What::Sum(Selector { gas: Some(gas), .. }) = &figure.what {
            gases.insert(*gas);
        }
    }
    let mut table = Table::new(SHEET)?;
    table.head("part_name", "项目\npart", 44.0, Look::Text);
    table.head("year", "年份\nyear", 8.0, Look::Text);
    table.head("view", "口径\nview", 26.0, Look::Text);
    table.head("part", "键\nkey", 16.0, Look::Text);
    table.head("CO2e", "t CO2e\nt CO2e", 20.0, Look::Tonnes);
    for gas in &gases {
        let label = format!("t {}\nt {}", gas.label_zh(), gas.label());
        table.head(crate::inventory::gas_id(Some(*gas)), &label, 18.0, Look::Tonnes);
    }
    table.begin()?;
    for &year in &plan.inventory.years {
        for (view, words) in [(View::Park, "园区整体 park as a whole"), (View::Sum, "企业合计 sum of the enterprises")]
        {
            for bucket in Bucket::ALL {
                let (en, zh) = bucket_words(bucket, rule);
                table.words(&format!("{zh} {en}"))?;
                table.number(f64::from(year))?;
                table.words(words)?;
                table.words(bucket.id())?;
                let of = |gas: Option<Gas>| Selector { year, view: view.clone(), bucket, rule, gas };
                table.figure(plan, &of(None))?;
                for &gas in &gases {
                    table.figure(plan, &of(Some(gas)))?;
                }
                table.next();
            }
        }
    }
    table.finish()
}

/// Parts in CO2e of every sector and enterprise.
pub(super) fn members(plan: &Plan) -> Written<Worksheet> {
    let park = plan.park;
    let rule = park.settings.rule_set;
    let mut table = Table::new(MEMBERS)?;
    table.head("member", "企业或行业\nenterprise or sector", 16.0, Look::Text);
    table.head("view", "口径\nview", 12.0, Look::Text);
    table.head("name", "名称\nname", 44.0, Look::Text);
    table.head("year", "年份\nyear", 8.0, Look::Text);
    for bucket in Bucket::ALL {
        let (en, zh) = bucket_words(bucket, rule);
        table.head(bucket.id(), &format!("{zh}\n{en}, t CO2e"), 20.0, Look::Tonnes);
    }
    table.begin()?;
    let mut views: Vec<(View, String)> =
        park.sectors().into_keys().map(|code| (View::Sector(code), String::new())).collect();
    for (i, enterprise) in park.enterprises.iter().enumerate() {
        let (zh, en) = (&enterprise.label.name_zh, &enterprise.label.name_en);
        let name = if zh == en { zh.to_string() } else { format!("{zh} {en}") };
        views.push((View::Enterprise(EnterpriseId::new(i)), name));
    }
    for &year in &plan.inventory.years {
        for (view, name) in &views {
            let (word, _, id) = figures::member(park, view);
            table.words(&id)?;
            table.words(word)?;
            table.words(name)?;
            table.number(f64::from(year))?;
            for bucket in Bucket::ALL {
                table.figure(plan, &Selector { year, view: view.clone(), bucket, rule, gas: None })?;
            }
            table.next();
        }
    }
    table.finish()
}

/// A table whose columns depend on the park.
struct Table {
    sheet: Worksheet,
    heads: Vec<(String, &'static str, f64, Look)>,
    row: u32,
    column: u16,
}

impl Table {
    fn new(name: &str) -> Written<Self> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        Ok(Self { sheet, heads: Vec::new(), row: HEAD, column: 0 })
    }

    fn head(&mut self, key: &'static str, label: &str, width: f64, look: Look) {
        self.heads.push((label.to_owned(), key, width, look));
    }

    fn begin(&mut self) -> Written {
        head(&mut self.sheet, &self.heads)
    }

    fn words(&mut self, text: &str) -> Written {
        self.sheet.write_string(self.row, self.column, text)?;
        self.column += 1;
        Ok(())
    }

    fn number(&mut self, value: f64) -> Written {
        self.sheet.write_number(self.row, self.column, value)?;
        self.column += 1;
        Ok(())
    }

    /// The cell of a sum; empty where it is not reported.
    fn figure(&mut self, plan: &Plan, selector: &Selector) -> Written {
        if let Some(i) = plan.figure(&selector.id(plan.park))
            && let (Some(cell), Some(value)) = (plan.figure_cell(i), plan.inventory.figures[i].value)
        {
            self.sheet.write_formula(self.row, self.column, Formula::new(cell).set_result(value.to_string()))?;
        }
        self.column += 1;
        Ok(())
    }

    fn next(&mut self) {
        self.row += 1;
        self.column = 0;
    }

    fn finish(mut self) -> Written<Worksheet> {
        let last = self.row.max(HEAD + 1) - 1;
        self.sheet.autofilter(HEAD - 1, 0, last, self.heads.len() as u16 - 1)?;
        Ok(self.sheet)
    }
}
