//! How much memory this process took at most.

use std::fs;

/// The most bytes that were resident at once; `None` where the system does not tell.
pub fn peak_bytes() -> Option<u64> {
    peak_in(&fs::read_to_string("/proc/self/status").ok()?)
}

/// The same from what Linux writes about a process.
fn peak_in(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_what_linux_calls_the_high_water_mark() {
        let status = "Name:\terrsift\nVmPeak:\t  999 kB\nVmHWM:\t   10240 kB\nVmRSS:\t  8 kB\n";

        assert_eq!(peak_in(status), Some(10 << 20));
    }

    #[test]
    fn a_system_that_does_not_tell_has_no_peak() {
        assert_eq!(peak_in("Name:\terrsift\n"), None);
        assert_eq!(peak_in("VmHWM:\tmuch\n"), None);
    }
}
