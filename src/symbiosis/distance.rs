//! How far enterprises lie from each other.
//!
//! A row of `exchanges.csv` that joins the two states it, whatever it carries and in which direction. Else it is the straight line
//! between the coordinates of `enterprises.csv`: a road is longer.

use crate::park::{EnterpriseId, Park};

/// Mean radius of the Earth, R1 of GRS 80 (H. Moritz, "Geodetic Reference System 1980", Journal of Geodesy 74 (2000) 128–133;
/// from memory). Unit: km.
const RADIUS: f64 = 6_371.008_8;

/// A distance, and how it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distance {
    /// How far. Unit: km.
    pub km: f64,
    /// Whether it is a straight line by coordinates; else a row states it.
    pub straight: bool,
}

/// Between two enterprises; none where nobody says.
#[must_use]
pub fn between(park: &Park, a: EnterpriseId, b: EnterpriseId) -> Option<Distance> {
    if a == b {
        return Some(Distance { km: 0.0, straight: false });
    }
    let joins = |x: &&crate::park::Exchange| (x.from, x.to) == (a, b) || (x.from, x.to) == (b, a);
    let stated = park.exchanges.iter().filter(joins).find_map(|x| x.distance_km);
    if let Some(km) = stated {
        return Some(Distance { km, straight: false });
    }
    let (a, b) = (park.enterprise(a).place?, park.enterprise(b).place?);
    Some(Distance { km: great_circle(a, b), straight: true })
}

/// The great circle between two places of latitude and longitude in degrees, by the haversine. Unit: km.
fn great_circle(a: (f64, f64), b: (f64, f64)) -> f64 {
    let half = |degrees: f64| libm::sin(degrees.to_radians() / 2.0);
    let (north, east) = (half(b.0 - a.0), half(b.1 - a.1));
    let narrow = libm::cos(a.0.to_radians()) * libm::cos(b.0.to_radians());
    let haversine = (north * north + narrow * east * east).min(1.0);
    2.0 * RADIUS * libm::asin(libm::sqrt(haversine))
}

#[cfg(test)]
mod tests {
    use super::great_circle;
    use approx::assert_relative_eq;

    #[test]
    fn a_quarter_of_the_equator_is_that_of_a_meridian() {
        let quarter = std::f64::consts::FRAC_PI_2 * 6_371.008_8;
        assert_relative_eq!(great_circle((0.0, 10.0), (0.0, 100.0)), quarter, max_relative = 1e-12);
        assert_relative_eq!(great_circle((0.0, 117.0), (90.0, 30.0)), quarter, max_relative = 1e-12);
        // A degree of longitude at 60° is half of one at the equator, nearly.
        assert_relative_eq!(great_circle((60.0, 0.0), (60.0, 1.0)), quarter / 180.0, max_relative = 1e-4);
        assert_relative_eq!(great_circle((39.0, 117.7), (39.0, 117.7)), 0.0);
    }
}
