//! Cells: units, numbers, periods and bases.

#![no_main]

use libfuzzer_sys::fuzz_target;
use parkflux::quantity::{ABSURD, Basis, Period, Unit, parse_number, significant};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(number) = parse_number(text) {
        assert!(number.is_finite() && number.abs() <= ABSURD, "number {text:?} is {number}");
        // What is printed with all digits reads back as the same number, as far as 17 decimals reach.
        for digits in [0, 1, 6, 10, 17, usize::MAX] {
            let shown = significant(number, digits);
            let back: f64 = shown.parse().unwrap_or(f64::NAN);
            let close = (back - number).abs() <= number.abs() * 1e-15 + 1e-17;
            assert!(digits < 17 || close, "significant({number:e}, {digits}) is {shown:?}");
            // Rounding to one digit or more changes a number of ordinary size by less than itself.
            let near = number.abs() < 1e-15 || (back - number).abs() <= number.abs();
            assert!(digits == 0 || near, "significant({number:e}, {digits}) is {shown:?}");
        }
    }
    if let Ok(unit) = Unit::parse(text) {
        assert!(unit.scale.is_finite() && unit.scale > 0.0, "unit {text:?} has scale {}", unit.scale);
        // The printed spelling is read again as the same unit.
        assert_eq!(Unit::parse(&unit.symbol).as_ref(), Ok(&unit), "unit {text:?}");
    }
    if let Ok(period) = Period::parse(text) {
        assert_eq!(Period::parse(&period.to_string()), Ok(period), "period {text:?}");
        assert!((24.0 * 28.0..=24.0 * 366.0).contains(&period.hours()), "period {text:?}");
    }
    if let Ok(basis) = Basis::parse(text) {
        assert_eq!(Basis::parse(&basis.to_string()), Ok(basis), "basis {text:?}");
    }
    // Any number prints, also one that no cell may hold.
    if let Some(bytes) = data.first_chunk::<8>() {
        let any = f64::from_le_bytes(*bytes);
        for digits in [0, 1, 6, 17, usize::MAX] {
            let shown = significant(any, digits);
            assert!(shown.len() < 400, "significant({any:e}, {digits}) has {} characters", shown.len());
        }
    }
});
