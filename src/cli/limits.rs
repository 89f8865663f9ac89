//! How much is read of what is packed: the options and the sizes they take.

use errsift::Result;
use errsift::input::Limits;

use super::options::{in_memory, invalid, whole_number};

/// The least memory to work with, in bytes: less than a decompressor of ordinary files takes.
const LEAST_MEMORY_BYTES: u64 = 16 << 20;

/// The greatest depth: what lies deeper is no archive for people.
const MOST_DEPTH: u64 = 64;

/// How much is read of compressed files and archives.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Compressed files and archives")]
pub struct LimitArgs {
    /// The memory for decompressing, such as 256MiB or 1G: what needs more is not read, and says so
    /// [default: 256MiB]
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    max_memory: Option<String>,
    /// At most so much text out of one file [default: 1TiB]
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    max_decompressed: Option<String>,
    /// So many archives in each other [default: 4]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    max_depth: Option<String>,
}

impl LimitArgs {
    /// The limits, checked.
    pub fn checked(&self) -> Result<Limits> {
        let defaults = Limits::default();
        let size = |name, text: &Option<String>, least, default| {
            text.as_deref()
                .map_or(Ok(default), |text| size(name, text, least))
        };
        let depth = self.max_depth.as_deref();
        let depth = depth.map(|text| whole_number("max-depth", text, 1, MOST_DEPTH));
        Ok(Limits {
            max_memory: size(
                "max-memory",
                &self.max_memory,
                LEAST_MEMORY_BYTES,
                defaults.max_memory,
            )?,
            max_decompressed: size(
                "max-decompressed",
                &self.max_decompressed,
                1,
                defaults.max_decompressed,
            )?,
            max_depth: depth.transpose()?.map_or(defaults.max_depth, in_memory),
        })
    }
}

/// A number of bytes, such as `4096`, `512K`, `256MiB` or `1G`; all prefixes are powers of 1024.
fn size(name: &str, text: &str, least: u64) -> Result<u64> {
    let trimmed = text.trim();
    let digits = trimmed.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = trimmed.split_at(digits);
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => Some(0),
        "k" | "kb" | "kib" => Some(10),
        "m" | "mb" | "mib" => Some(20),
        "g" | "gb" | "gib" => Some(30),
        "t" | "tb" | "tib" => Some(40),
        _ => None,
    };
    let expected = |bounds: &str| {
        let expected = format!("expected a size {bounds}, such as 512MiB or 2G");
        invalid(name, text, expected)
    };
    let too_small = || match least {
        1 => expected("greater than 0"),
        _ => expected(&format!("of {}MiB or more", least >> 20)),
    };
    let shift = shift.filter(|_| digits > 0).ok_or_else(too_small)?;
    // More digits than a number has are as much too large as a product that is.
    let number: Option<u64> = number.parse().ok();
    match number.and_then(|number| number.checked_mul(1 << shift)) {
        Some(bytes) if bytes >= least => Ok(bytes),
        Some(_) => Err(too_small()),
        None => Err(expected(&format!("of less than {}TiB", 1_u64 << (64 - 40)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units_of_1024() {
        let sizes =
            ["7", "2k", "256MiB", "3 GB", "1t"].map(|text| size("max-memory", text, 1).ok());

        let expected = [7, 2048, 256 << 20, 3 << 30, 1 << 40];
        assert_eq!(sizes, expected.map(Some));
    }

    #[test]
    fn a_wrong_size_is_told_what_was_expected() {
        let complaint =
            |text| size("max-memory", text, 16 << 20).map_err(|error| error.to_string());

        for text in ["", "G", "-1", "1x", "15M"] {
            assert_eq!(
                complaint(text),
                Err(format!(
                    "invalid value '{text}' for --max-memory: expected a size of 16MiB or more, \
                     such as 512MiB or 2G"
                ))
            );
        }
        for text in ["99999999999999999999", "99999999999G"] {
            assert_eq!(
                complaint(text),
                Err(format!(
                    "invalid value '{text}' for --max-memory: expected a size of less than 16777216TiB, \
                     such as 512MiB or 2G"
                ))
            );
        }
    }
}
