//! What there is to say about codes, as data.

use crate::catalog::Entry;

/// What there is to say about one code.
#[derive(Clone, Debug)]
pub enum Finding<'a> {
    /// The catalogue has it.
    Known {
        /// Its entry.
        entry: &'a Entry,
        /// Whether the entry is only one that may be meant, as the text does not tell the provider.
        is_guess: bool,
        /// What the text states for it.
        stated: Stated<'a>,
    },
    /// The text shows a provider that has no such code in the catalogue.
    Foreign {
        /// The code.
        code: &'a str,
        /// What the text states for it.
        stated: Stated<'a>,
    },
    /// The catalogue lacks it.
    Unknown {
        /// The code.
        code: &'a str,
        /// The known codes most like it.
        near: Vec<String>,
        /// The family it would belong to.
        siblings: Option<Siblings<'a>>,
        /// What the text states for it.
        stated: Stated<'a>,
    },
}

/// What a text states for a code in it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stated<'a> {
    /// The HTTP status.
    pub status: Option<u16>,
    /// The ids of the requests that it was the answer to, each once.
    pub request_ids: &'a [String],
}

/// A family and who documents its codes.
#[derive(Clone, Debug)]
pub struct Siblings<'a> {
    /// The family's name, without a final dot.
    pub family: &'a str,
    /// The known codes of the family by provider and product, the most first.
    pub known: Vec<(&'a str, Option<&'a str>, usize)>,
}
