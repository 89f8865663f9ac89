//! Made-up codes in the manner of the large SDKs.

use super::random::Random;
use std::collections::HashSet;

/// Shortest and longest code, in bytes.
const LENGTHS: std::ops::RangeInclusive<usize> = 8..=60;

/// `n` unlike codes.
///
/// Three in four are `Class.Detail`, and a few classes have most of those; the rest are exceptions,
/// plain names and numbers of a service. All share their words, as real ones do: half
/// of them are 33 bytes or longer.
///
/// # Panics
///
/// Where the words do not suffice for `n` codes; for 100,000 they do.
pub fn large_catalog(n: usize, seed: u64) -> Vec<String> {
    let mut random = Random::new(seed);
    let mut known = HashSet::with_capacity(n);
    let mut codes = Vec::with_capacity(n);
    let mut tries = 0;
    while codes.len() < n {
        tries += 1;
        assert!(
            tries < 100 * n + 1000,
            "{n} codes: too many for the words there are"
        );
        let code = code(&mut random);
        if LENGTHS.contains(&code.len()) && known.insert(code.clone()) {
            codes.push(code);
        }
    }
    codes
}

fn code(random: &mut Random) -> String {
    match random.below(100) {
        0..=69 => format!("{}.{}", class(random), detail(random)),
        70..=73 => format!(
            "Invalid{}{}.{}",
            subject(random),
            random.pick(NOUNS),
            random.pick(&["NotFound", "Malformed", "NotSupported"])
        ),
        74..=76 => format!(
            "{}.{:04}",
            random.pick(&["CCE", "DNS", "ELB", "KMS", "VPC"]),
            1000 + random.below(9000)
        ),
        77..=91 => format!(
            "{}{}{}{}",
            random.pick(NOUNS),
            random.pick(NOUNS),
            state(random),
            random.pick(&["Exception", "Exception", "Fault"])
        ),
        92..=95 => format!(
            "Invalid{}{}{}",
            random.pick(NOUNS),
            random.pick(NOUNS),
            random.pick(&["Format", "State", "Value", ""])
        ),
        _ => format!(
            "{}{}{}",
            random.pick(NOUNS),
            random.pick(NOUNS),
            random.pick(&["LimitExceeded", "NotFound", "AlreadyExists"])
        ),
    }
}

/// The part before the dot. The square of a number below 1 favours the first classes.
fn class(random: &mut Random) -> &'static str {
    let limit = random.index(CLASSES.len()) + 1;
    CLASSES[random.index(limit)]
}

fn detail(random: &mut Random) -> String {
    let subject = subject(random);
    match random.below(10) {
        0..=2 => format!("{}{}", subject, state(random)),
        3 => format!("Invalid{}{}", subject, random.pick(NOUNS)),
        4..=5 => format!(
            "{}{}{}",
            random.pick(VERBS),
            subject,
            random.pick(&["Failed", "Error", "Timeout", "Forbidden"])
        ),
        6..=7 => format!("{}{}{}", subject, random.pick(NOUNS), state(random)),
        8 => format!("{}{}", random.pick(VERBS), subject),
        _ => format!(
            "{}{}",
            subject,
            random.pick(&[
                "Id", "Name", "Type", "Size", "Status", "Count", "Version", "Format"
            ])
        ),
    }
}

fn subject(random: &mut Random) -> String {
    match random.below(3) {
        0 => format!("{}{}", random.pick(NOUNS), random.pick(NOUNS)),
        _ => (*random.pick(NOUNS)).to_owned(),
    }
}

fn state(random: &mut Random) -> &'static str {
    STATES[random.index(STATES.len())]
}

const CLASSES: &[&str] = &[
    "InvalidParameterValue",
    "FailedOperation",
    "InvalidParameter",
    "UnsupportedOperation",
    "InternalError",
    "ResourceNotFound",
    "LimitExceeded",
    "OperationDenied",
    "ResourceUnavailable",
    "UnauthorizedOperation",
    "ResourceInUse",
    "MissingParameter",
    "ResourceInsufficient",
    "AuthFailure",
    "QuotaExhausted",
    "RequestRefused",
    "DependencyViolation",
    "IncorrectState",
];

const STATES: &[&str] = &[
    "NotFound",
    "NotExist",
    "AlreadyExists",
    "LimitExceeded",
    "InUse",
    "NotSupported",
    "Expired",
    "Conflict",
    "Locked",
    "NotReady",
    "Unavailable",
    "Forbidden",
    "Mismatch",
    "TooLong",
    "TooMany",
    "Illegal",
    "Required",
    "Duplicate",
    "Disabled",
    "OutOfRange",
];

const VERBS: &[&str] = &[
    "Create", "Delete", "Describe", "Modify", "Attach", "Detach", "Query", "Update", "Bind",
    "Unbind", "Start", "Stop", "Renew", "Import", "Export", "Send", "Check", "Get", "Set",
    "Migrate",
];

const NOUNS: &[&str] = &[
    "Account",
    "Address",
    "Agent",
    "Alarm",
    "Alias",
    "Api",
    "App",
    "Archive",
    "Asset",
    "Auth",
    "Backup",
    "Bandwidth",
    "Billing",
    "Bucket",
    "Cache",
    "Callback",
    "Cdn",
    "Certificate",
    "Channel",
    "Cluster",
    "Command",
    "Config",
    "Connection",
    "Container",
    "Credential",
    "Dashboard",
    "Data",
    "Database",
    "Device",
    "Disk",
    "Domain",
    "Endpoint",
    "Engine",
    "Event",
    "File",
    "Filter",
    "Firewall",
    "Flow",
    "Function",
    "Gateway",
    "Group",
    "Handshake",
    "Host",
    "Image",
    "Index",
    "Instance",
    "Interface",
    "Ip",
    "Job",
    "Key",
    "Label",
    "Layer",
    "License",
    "Listener",
    "Log",
    "Member",
    "Message",
    "Metric",
    "Mirror",
    "Model",
    "Network",
    "Node",
    "Object",
    "Order",
    "Organization",
    "Origin",
    "Package",
    "Password",
    "Path",
    "Peer",
    "Plan",
    "Plugin",
    "Policy",
    "Pool",
    "Port",
    "Price",
    "Project",
    "Protocol",
    "Proxy",
    "Queue",
    "Quota",
    "Record",
    "Region",
    "Replica",
    "Report",
    "Repository",
    "Role",
    "Route",
    "Rule",
    "Schema",
    "Script",
    "Secret",
    "Session",
    "Share",
    "Signature",
    "Snapshot",
    "Stack",
    "Stream",
    "Subnet",
    "Subscription",
    "Table",
    "Tag",
    "Target",
    "Task",
    "Template",
    "Tenant",
    "Thumbnail",
    "Ticket",
    "Token",
    "Topic",
    "Trigger",
    "Tunnel",
    "User",
    "Vault",
    "Version",
    "Video",
    "Volume",
    "Vpc",
    "Vpn",
    "Workflow",
    "Zone",
];
