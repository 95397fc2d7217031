//! **parkflux** accounts for the greenhouse gases of an industrial park as a flow
//! network of enterprises, energy carriers and by-products.
//!
//! One direction, plain data at both ends of each arrow:
//!
//! ```text
//! package ──package::read──▶ Park ──methods::account──▶ Ledger ──inventory──▶ figures ──report──▶ text, CSV, JSON
//! (toml, csv)               (validated,                (lines with
//!                            canonical units)           their trails)
//! ```
//!
//! Conventions: masses in t, energy in GJ, volumes in m³, money in RMB inside;
//! what comes in is converted once, with its dimension and basis checked
//! ([`quantity`]). Emissions are positive, deductions (stock kept, energy
//! exported) negative. Gases stay apart until display. Problems in the user's data
//! are collected, never thrown one by one ([`diagnostic`]).
//!
//! ```
//! use parkflux::{inventory::inventory, package};
//! use std::path::Path;
//!
//! let (package, problems) = package::read(Path::new("fixtures/parks/calcasieu-2017"))?;
//! let Some(package) = package else { panic!("{problems:?}") };
//! let Ok(inventory) = inventory(&package) else { panic!("no factor") };
//! let total = inventory.value("2017/park/total.location/CO2e");
//! assert!(total.is_some_and(|t| (t - 8_718_255.9).abs() < 0.05));
//! # Ok::<(), package::Error>(())
//! ```
//!
//! The rooms, each knowing only those to its left: [`quantity`] ← [`diagnostic`] ←
//! [`park`] ← [`factors`] ← [`package`], [`network`] ← [`ledger`] ← [`methods`] ← [`balance`] ←
//! [`inventory`] ← [`scenario`] ← [`symbiosis`], [`tradeoff`], [`programme`], [`trend`] ← [`report`] ← [`cli`].

pub mod balance;
pub mod cli;
pub mod diagnostic;
pub mod factors;
pub mod inventory;
pub mod ledger;
pub mod methods;
pub mod network;
pub mod package;
pub mod park;
pub mod programme;
pub mod quantity;
pub mod report;
pub mod scenario;
pub mod symbiosis;
pub mod tradeoff;
pub mod trend;
