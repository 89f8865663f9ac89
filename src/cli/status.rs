//! The exit status, which scripts rely on.

use std::process::ExitCode;

/// How a verb ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// What was asked for was done or found.
    Success,
    /// No known code was found.
    NothingFound,
    /// Something failed, be it only one of many inputs.
    Error,
    /// A condition of `--fail-on` holds.
    ConditionHolds,
}

impl Status {
    fn number(self) -> u8 {
        match self {
            Status::Success => 0,
            Status::NothingFound => 1,
            Status::Error => 2,
            Status::ConditionHolds => 3,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(status.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_manual() {
        use Status::{ConditionHolds, Error, NothingFound, Success};

        let numbers = [Success, NothingFound, Error, ConditionHolds].map(Status::number);

        assert_eq!(numbers, [0, 1, 2, 3]);
    }
}
