//! NULL and nonsense for every export: each argument alone, then all of them at random. Nothing
//! crashes or panics, a handle that names nothing is told so, and nothing is written where
//! nothing may be.
#![allow(unsafe_code)]
// Arguments are numbers here, as they are for a machine.
#![allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap)]

mod c_abi;
mod null_matrix;

use std::collections::BTreeSet;

use c_abi::Seeded;
use null_matrix::rows::ROWS;
use null_matrix::{Kind, Row, World};

#[test]
fn every_export_is_in_the_matrix() {
    let list = include_str!("../exports.txt");
    let exports: BTreeSet<&str> = list
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let tested: BTreeSet<&str> = ROWS.iter().map(|row| row.name).collect();
    assert_eq!(tested, exports);
    assert_eq!(ROWS.len(), tested.len(), "a row is there twice");
}

#[test]
fn b1_b6_each_argument_alone() {
    let mut world = World::new();
    let mut calls = 0;
    for row in ROWS {
        let good = vec![0; row.kinds.len()];
        world.call(row, &good);
        for (place, &kind) in row.kinds.iter().enumerate() {
            for choice in 0..kind.choices() {
                let mut choices = good.clone();
                choices[place] = choice;
                world.call(row, &choices);
                calls += 1;
            }
        }
    }
    assert!(calls > 2_000, "{calls}");
}

#[test]
fn b1_a_wrong_handle_is_told_before_anything_else() {
    let mut world = World::new();
    for row in ROWS {
        let position = |wanted| row.kinds.iter().position(|&kind| kind == wanted);
        for kind in [Kind::Ctx, Kind::OptCtx, Kind::Cred] {
            let Some(place) = position(kind) else { continue };
            for choice in kind.wrong_handles() {
                // The rest of the arguments: as they should be, or all absent.
                for rest in [0, 1] {
                    if kind == Kind::Cred && choice == 1 && rest == 0 && row.goes_on() {
                        // A later call of a handshake needs no credential.
                        continue;
                    }
                    let mut choices = vec![0; row.kinds.len()];
                    for (other, &kind) in row.kinds.iter().enumerate() {
                        if kind.has_null() && other != place {
                            choices[other] = rest;
                        }
                    }
                    choices[place] = choice;
                    let answer = world.call(row, &choices);
                    row.expect_refusal(kind, choice, answer);
                }
            }
        }
    }
}

#[test]
fn b1_b6_all_arguments_at_random() {
    let mut world = World::new();
    let mut numbers = Seeded::new(0x5EC3_2C01);
    for row in ROWS {
        for _ in 0..400 {
            let choices: Vec<usize> =
                row.kinds.iter().map(|kind| numbers.below(kind.choices())).collect();
            world.call(row, &choices);
        }
    }
}

#[test]
fn everything_absent() {
    let mut world = World::new();
    for row in ROWS {
        let choices: Vec<usize> =
            row.kinds.iter().map(|kind| usize::from(kind.has_null())).collect();
        world.call(row, &choices);
    }
}

impl Row {
    fn goes_on(&self) -> bool {
        self.kinds.contains(&Kind::OptCtx)
    }

    fn expect_refusal(&self, kind: Kind, choice: usize, answer: i64) {
        use c_abi::{SEC_E_INVALID_HANDLE, SEC_E_OK};
        let forgiving = self.name == "DeleteSecurityContext" && choice == Kind::STALE;
        let expected = if forgiving { SEC_E_OK } else { SEC_E_INVALID_HANDLE };
        assert_eq!(answer, i64::from(expected), "{} {kind:?} {choice}", self.name);
    }
}
