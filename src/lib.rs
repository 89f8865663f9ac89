//! Counts, explains and reports cloud-API error codes in logs.
