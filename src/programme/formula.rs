//! Formulas of indicators: read once, checked for dimension, evaluated many times.
//!
//! ```text
//! expr  = term { ("+" | "-") term }
//! term  = power { ("*" | "/") power }
//! power = unary [ "^" unary ]
//! unary = "-" unary | number | "n" | item [ "[" year "]" ] | function "(" expr { "," expr } ")" | "(" expr ")"
//! year  = "t" | "t0" | "t-1" | "t-2" ...            without: t
//! ```
//!
//! `n` is t − t0 in years. Items are in canonical units, so that formulas have no factors for units: the dimension of the
//! whole is checked against that of the indicator. `max`, `min` and `mean` take expressions of one dimension. An
//! `elasticity(y, x, ...)` stands alone: its rule is more than a quotient ([`super::elasticity`]). A grammar of our own,
//! because expression crates know no dimensions, and years behind an item are no part of theirs.

use super::items::{ItemId, Items, Kind};
use crate::diagnostic::Words;
use crate::quantity::Dimension;

/// The year that an item is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum When {
    /// So many years before the year of evaluation.
    Back(u8),
    /// The base year.
    Base,
}

/// One step on a stack of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    Number(f64),
    /// Years from the base year to that of evaluation.
    Years,
    Item(ItemId, When),
    Negate,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Max(u8),
    Min(u8),
    Mean(u8),
}

/// What a formula is.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A number.
    Value,
    /// Whether something is so: the item that says it.
    Flag(ItemId),
    /// Growth of items over the growth of another.
    Elasticity {
        /// What grows below the line.
        of: ItemId,
        /// What grows above it; of several the mean counts.
        items: Vec<ItemId>,
    },
}

/// A formula that is known to have a dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    /// The text that it was read from.
    pub text: Box<str>,
    /// What it is.
    pub shape: Shape,
    /// Dimension of its value.
    pub dimension: Dimension,
    /// What it takes, in the order of the text, each once.
    pub takes: Vec<(ItemId, When)>,
    steps: Vec<Step>,
}

/// What is wrong with a formula, and where in the text, counted from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct FormulaError {
    /// The character.
    pub at: usize,
    /// What is wrong.
    pub what: Words,
}

/// Why a formula has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoValue {
    /// An item is not known in a year.
    Missing(ItemId, When),
    /// Something is divided by what is not above zero: these are amounts.
    DividesByNothing,
    /// A root or a power of what is not above zero.
    NoPower,
    /// The base year is not before the year of evaluation.
    NoYears,
}

/// Most items of which an elasticity is the mean.
pub(super) const MOST: usize = 8;

/// Numbers that wait while a formula is evaluated; more is refused when it is read.
const DEPTH: usize = 16;

/// What parses a text.
struct Parser<'a> {
    text: Vec<char>,
    at: usize,
    items: &'a Items,
    steps: Vec<Step>,
    takes: Vec<(ItemId, When)>,
    nested: usize,
}

/// A dimension, and the number where it is one written out.
type Part = (Dimension, Option<f64>);

impl Formula {
    /// Reads a formula whose items are known.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse(text: &str, items: &Items) -> Result<Self, FormulaError> {
        let mut parser =
            Parser { text: text.chars().collect(), at: 0, items, steps: Vec::new(), takes: Vec::new(), nested: 0 };
        let (shape, dimension) = parser.whole()?;
        if stack(&parser.steps) > DEPTH {
            return Err(FormulaError { at: 1, what: Words::new("the formula is too deep", "公式嵌套过深") });
        }
        Ok(Self { text: text.into(), shape, dimension, takes: parser.takes, steps: parser.steps })
    }

    /// The value, in the canonical unit of its dimension: `known` gives an item in a year, `years` is t − t0. Of an elasticity
    /// and of a flag there is none: they are judged by rules of their own.
    ///
    /// # Errors
    /// [`NoValue`].
    pub fn value(&self, known: impl Fn(ItemId, When) -> Option<f64>, years: f64) -> Result<f64, NoValue> {
        let mut stack = [0.0_f64; DEPTH];
        let mut top = 0_usize;
        for step in &self.steps {
            let below = top.saturating_sub(1);
            match *step {
                Step::Number(number) => push(&mut stack, &mut top, number),
                Step::Years if years > 0.0 => push(&mut stack, &mut top, years),
                Step::Years => return Err(NoValue::NoYears),
                Step::Item(item, when) => {
                    let value = known(item, when).ok_or(NoValue::Missing(item, when))?;
                    push(&mut stack, &mut top, value);
                }
                Step::Negate => stack[below] = -stack[below],
                Step::Max(count) | Step::Min(count) | Step::Mean(count) => {
                    let first = top.saturating_sub(usize::from(count));
                    let list = &stack[first..top];
                    stack[first] = match step {
                        Step::Max(_) => list.iter().copied().fold(f64::NEG_INFINITY, f64::max),
                        Step::Min(_) => list.iter().copied().fold(f64::INFINITY, f64::min),
                        _ => list.iter().sum::<f64>() / f64::from(count),
                    };
                    top = first + 1;
                }
                Step::Add | Step::Subtract | Step::Multiply | Step::Divide | Step::Power => {
                    let (a, b) = (stack[top.saturating_sub(2)], stack[below]);
                    top = below;
                    stack[top.saturating_sub(1)] = match step {
                        Step::Add => a + b,
                        Step::Subtract => a - b,
                        Step::Multiply => a * b,
                        Step::Divide if b > 0.0 => a / b,
                        Step::Divide => return Err(NoValue::DividesByNothing),
                        // A rate of change from or to nothing is none.
                        _ if a <= 0.0 => return Err(NoValue::NoPower),
                        _ => libm::pow(a, b),
                    };
                }
            }
        }
        Ok(stack[0])
    }

    /// The formula as spreadsheets write it, with no more brackets than it needs: `item` says where an item in a year stands, as
    /// one cell or in brackets; `years` is t − t0. None for an elasticity or a flag, or where an item stands nowhere.
    #[must_use]
    pub fn infix(&self, item: impl Fn(ItemId, When) -> Option<String>, years: f64) -> Option<String> {
        if self.shape != Shape::Value {
            return None;
        }
        let mut stack: Vec<(String, u8)> = Vec::new();
        for step in &self.steps {
            let made = match *step {
                Step::Number(number) => (number.to_string(), WHOLE),
                Step::Years => (years.to_string(), WHOLE),
                Step::Item(id, when) => (item(id, when)?, WHOLE),
                // Spreadsheets take the sign before a power, so it never stands bare.
                Step::Negate => (format!("(-{})", bracket(stack.pop()?, WHOLE)), WHOLE),
                Step::Max(count) => (call("MAX", &mut stack, count)?, WHOLE),
                Step::Min(count) => (call("MIN", &mut stack, count)?, WHOLE),
                Step::Mean(count) => (call("AVERAGE", &mut stack, count)?, WHOLE),
                Step::Add => joined(&mut stack, "+", SUM)?,
                Step::Subtract => joined(&mut stack, "-", SUM)?,
                Step::Multiply => joined(&mut stack, "*", PRODUCT)?,
                Step::Divide => joined(&mut stack, "/", PRODUCT)?,
                Step::Power => joined(&mut stack, "^", POWER)?,
            };
            stack.push(made);
        }
        stack.pop().map(|part| part.0)
    }
}

/// How tightly the parts of a text hold together.
const SUM: u8 = 1;
const PRODUCT: u8 = 2;
const POWER: u8 = 3;
const WHOLE: u8 = 4;

/// A part, in brackets where it holds together less tightly than it must.
fn bracket((text, holds): (String, u8), must: u8) -> String {
    if holds < must { format!("({text})") } else { text }
}

/// The last two parts with a sign between them. Operations go from the left, so the right side holds more tightly; of powers
/// both sides do, since programs differ in their order.
fn joined(stack: &mut Vec<(String, u8)>, sign: &str, holds: u8) -> Option<(String, u8)> {
    let (right, left) = (stack.pop()?, stack.pop()?);
    let left = bracket(left, if holds == POWER { WHOLE } else { holds });
    Some((format!("{left}{sign}{}", bracket(right, holds + 1)), holds))
}

/// A function of the last parts.
fn call(name: &str, stack: &mut Vec<(String, u8)>, count: u8) -> Option<String> {
    let first = stack.len().checked_sub(usize::from(count))?;
    let list: Vec<String> = stack.split_off(first).into_iter().map(|part| part.0).collect();
    Some(format!("{name}({})", list.join(",")))
}

fn push(stack: &mut [f64; DEPTH], top: &mut usize, number: f64) {
    stack[*top] = number;
    *top += 1;
}

/// The most numbers that wait.
fn stack(steps: &[Step]) -> usize {
    let mut now = 0_usize;
    let mut most = 0;
    for step in steps {
        match step {
            Step::Number(_) | Step::Years | Step::Item(..) => now += 1,
            Step::Negate => {}
            Step::Max(count) | Step::Min(count) | Step::Mean(count) => now -= usize::from(*count) - 1,
            _ => now -= 1,
        }
        most = most.max(now);
    }
    most
}

/// What is wrong at a character, counted from 0.
fn error<T>(at: usize, en: impl Into<String>, zh: impl Into<String>) -> Result<T, FormulaError> {
    Err(FormulaError { at: at + 1, what: Words::new(en, zh) })
}

/// Whether two parts of a sum measure the same.
fn alike(at: usize, a: Dimension, b: Dimension) -> Result<(), FormulaError> {
    if a == b {
        return Ok(());
    }
    error(at, format!("{a} and {b} do not add up"), format!("{a} 与 {b} 不能相加减"))
}

impl Parser<'_> {
    fn skip(&mut self) {
        while self.text.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
    }

    /// Takes a sign if it is the next.
    fn takes(&mut self, sign: char) -> bool {
        self.skip();
        let there = self.text.get(self.at) == Some(&sign);
        self.at += usize::from(there);
        there
    }

    fn need(&mut self, sign: char) -> Result<(), FormulaError> {
        if self.takes(sign) {
            return Ok(());
        }
        error(self.at, format!("'{sign}' is missing here"), format!("此处缺“{sign}”"))
    }

    fn whole(&mut self) -> Result<(Shape, Dimension), FormulaError> {
        self.skip();
        let start = self.at;
        let word = self.word();
        let shape = match self.items.find(&word) {
            Some(item) if self.items.get(item).kind == Kind::Flag => {
                self.take(item, When::Back(0));
                Some(Shape::Flag(item))
            }
            _ if word == "elasticity" => Some(self.elasticity()?),
            _ => None,
        };
        let (shape, dimension) = if let Some(shape) = shape {
            (shape, Dimension::NONE)
        } else {
            self.at = start;
            (Shape::Value, self.expression()?.0)
        };
        self.skip();
        match self.text.get(self.at) {
            None => Ok((shape, dimension)),
            Some(sign) => error(self.at, format!("'{sign}' does not belong here"), format!("此处不应有“{sign}”")),
        }
    }

    fn elasticity(&mut self) -> Result<Shape, FormulaError> {
        self.need('(')?;
        let mut list = Vec::new();
        loop {
            self.skip();
            let at = self.at;
            let word = self.word();
            let item = self.item(&word, at)?;
            for when in [When::Back(0), When::Base] {
                self.take(item, when);
            }
            list.push(item);
            if !self.takes(',') {
                break;
            }
        }
        self.need(')')?;
        if list.len() > 1 + MOST {
            return error(self.at, "elasticity of too many items", "elasticity 的项目过多");
        }
        if list.len() < 2 {
            return error(self.at, "elasticity(y, x) takes two items at least", "elasticity(y, x) 至少需两个项目");
        }
        let of = list.remove(0);
        Ok(Shape::Elasticity { of, items: list })
    }

    fn expression(&mut self) -> Result<Part, FormulaError> {
        let mut sum = self.term()?;
        loop {
            self.skip();
            let at = self.at;
            let step = if self.takes('+') {
                Step::Add
            } else if self.takes('-') {
                Step::Subtract
            } else {
                return Ok(sum);
            };
            let other = self.term()?;
            alike(at, sum.0, other.0)?;
            self.steps.push(step);
            sum.1 = None;
        }
    }

    fn term(&mut self) -> Result<Part, FormulaError> {
        let mut product = self.power()?;
        loop {
            let step = if self.takes('*') {
                Step::Multiply
            } else if self.takes('/') {
                Step::Divide
            } else {
                return Ok(product);
            };
            let other = self.power()?;
            let dimension = if step == Step::Multiply { product.0 * other.0 } else { product.0 / other.0 };
            self.steps.push(step);
            product = (dimension, None);
        }
    }

    fn power(&mut self) -> Result<Part, FormulaError> {
        let base = self.unary()?;
        self.skip();
        let at = self.at;
        if !self.takes('^') {
            return Ok(base);
        }
        let exponent = self.unary()?;
        self.steps.push(Step::Power);
        if exponent.0 != Dimension::NONE {
            return error(at, format!("an exponent in {}", exponent.0), format!("指数的单位为 {}", exponent.0));
        }
        let whole = exponent.1.filter(|e| e.fract() == 0.0 && e.abs() <= 8.0);
        match (base.0 == Dimension::NONE, whole) {
            (true, _) => Ok((Dimension::NONE, None)),
            #[allow(clippy::cast_possible_truncation, reason = "at most 8")]
            (false, Some(whole)) => Ok((base.0.power(whole as i8), None)),
            (false, None) => error(
                at,
                format!("{} to a power that is no whole number", base.0),
                format!("{} 的指数须为整数", base.0),
            ),
        }
    }

    fn unary(&mut self) -> Result<Part, FormulaError> {
        self.skip();
        let at = self.at;
        if self.nested >= DEPTH {
            return error(at, "the formula is too deep", "公式嵌套过深");
        }
        if self.takes('-') {
            self.nested += 1;
            let (dimension, number) = self.unary()?;
            self.nested -= 1;
            self.steps.push(Step::Negate);
            return Ok((dimension, number.map(|n| -n)));
        }
        if self.takes('(') {
            self.nested += 1;
            let part = self.expression()?;
            self.nested -= 1;
            self.need(')')?;
            return Ok(part);
        }
        if self.text.get(self.at).is_some_and(|c| c.is_ascii_digit() || *c == '.') {
            return self.number();
        }
        let word = self.word();
        match &*word {
            "" => match self.text.get(at) {
                Some(sign) => error(at, format!("'{sign}' does not belong here"), format!("此处不应有“{sign}”")),
                None => error(at, "the formula breaks off", "公式不完整"),
            },
            "n" => {
                self.steps.push(Step::Years);
                Ok((Dimension::NONE, None))
            }
            "max" | "min" | "mean" => self.of_several(&word),
            "elasticity" => error(at, "elasticity(...) stands alone", "elasticity(...) 须单独使用"),
            _ => {
                let item = self.item(&word, at)?;
                let when = self.year()?;
                self.take(item, when);
                self.steps.push(Step::Item(item, when));
                Ok((self.items.get(item).dimension, None))
            }
        }
    }

    fn number(&mut self) -> Result<Part, FormulaError> {
        let start = self.at;
        let belongs = |c: &char, before: Option<&char>| {
            c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E') || (*c == '-' && matches!(before, Some('e' | 'E')))
        };
        while self.text.get(self.at).is_some_and(|c| belongs(c, self.text.get(self.at.wrapping_sub(1)))) {
            self.at += 1;
        }
        let text: String = self.text[start..self.at].iter().collect();
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                self.steps.push(Step::Number(number));
                Ok((Dimension::NONE, Some(number)))
            }
            _ => error(start, format!("'{text}' is no number"), format!("“{text}”不是数字")),
        }
    }

    fn of_several(&mut self, function: &str) -> Result<Part, FormulaError> {
        self.need('(')?;
        self.nested += 1;
        let first = self.expression()?;
        let mut count = 1_u8;
        loop {
            self.skip();
            let at = self.at;
            if !self.takes(',') {
                break;
            }
            let other = self.expression()?;
            alike(at, first.0, other.0)?;
            count = count.saturating_add(1);
        }
        self.nested -= 1;
        self.need(')')?;
        self.steps.push(match function {
            "max" => Step::Max(count),
            "min" => Step::Min(count),
            _ => Step::Mean(count),
        });
        Ok((first.0, None))
    }

    /// A word of letters, digits and `_`, which may be empty.
    fn word(&mut self) -> String {
        let start = self.at;
        let belongs = |(i, c): (usize, &char)| c.is_alphabetic() || *c == '_' || (i > 0 && c.is_ascii_digit());
        while self.text.get(self.at).is_some_and(|c| belongs((self.at - start, c))) {
            self.at += 1;
        }
        self.text[start..self.at].iter().collect()
    }

    /// An item that is a number.
    fn item(&self, word: &str, at: usize) -> Result<ItemId, FormulaError> {
        let Some(item) = self.items.find(word) else {
            let near = self.items.nearest(word).map(|n| (format!("; meant '{n}'?"), format!("；是否为“{n}”？")));
            let (en, zh) = near.unwrap_or_default();
            return error(at, format!("no item '{word}'{en}"), format!("没有项目“{word}”{zh}"));
        };
        match self.items.get(item).kind {
            Kind::Number => Ok(item),
            Kind::Flag | Kind::Choice => error(
                at,
                format!("'{word}' is no number; yes or no stands alone"),
                format!("“{word}”不是数值；是/否项须单独使用"),
            ),
        }
    }

    /// `[t]`, `[t0]`, `[t-3]`, or nothing.
    fn year(&mut self) -> Result<When, FormulaError> {
        if self.text.get(self.at) != Some(&'[') {
            return Ok(When::Back(0));
        }
        self.at += 1;
        let start = self.at;
        while self.text.get(self.at).is_some_and(|c| *c != ']') {
            self.at += 1;
        }
        let text: String = self.text[start..self.at].iter().filter(|c| !c.is_whitespace()).collect();
        self.need(']')?;
        let back = text.strip_prefix("t-").and_then(|years| years.parse::<u8>().ok()).filter(|y| (1..=50).contains(y));
        match (&*text, back) {
            ("t", _) => Ok(When::Back(0)),
            ("t0", _) => Ok(When::Base),
            (_, Some(years)) => Ok(When::Back(years)),
            _ => error(
                start,
                format!("[{text}] is no year: [t], [t0], [t-1] ..."),
                format!("[{text}] 不是年份：可写 [t]、[t0]、[t-1] 等"),
            ),
        }
    }

    fn take(&mut self, item: ItemId, when: When) {
        if !self.takes.contains(&(item, when)) {
            self.takes.push((item, when));
        }
    }
}
