//! The files for systemd, Kubernetes, Docker, Fluent Bit and Vector.
//!
//! Neither a cluster nor an engine runs here, so they are parsed, and what they call is tried.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::support::{assert_ends_well, errsift, text};

/// The documents of a YAML file.
fn documents(name: &str) -> Vec<Value> {
    let read: Result<Vec<Value>, _> = serde_saphyr::from_multiple(&text(name));
    read.unwrap_or_else(|error| panic!("deploy/{name}: {error}"))
}

fn containers(document: &Value) -> Vec<Value> {
    let spec = match document["kind"].as_str() {
        Some("Pod") => &document["spec"],
        _ => &document["spec"]["template"]["spec"],
    };
    let lists = ["containers", "initContainers"].map(|name| spec[name].as_array());
    lists.into_iter().flatten().flatten().cloned().collect()
}

/// The words after `errsift`, wherever the deployment files call it.
fn called(name: &str) -> Vec<Vec<String>> {
    let containers = documents(name)
        .iter()
        .flat_map(containers)
        .collect::<Vec<_>>();
    let ours = containers.iter().filter(|it| it["name"] == "errsift");
    let words = |container: &Value| {
        let args = container["args"].as_array().into_iter().flatten();
        args.map(|word| word.as_str().unwrap().to_owned()).collect()
    };
    ours.map(words).collect()
}

/// Asserts that the program has each option that `words` give its verb.
fn assert_understood(words: &[String]) {
    let help = errsift(&[&words[0], "--help"]);
    let options = words.iter().filter(|word| word.starts_with("--"));
    for option in options {
        let name = option.split('=').next().unwrap();
        assert!(help.contains(name), "'errsift {}' has no {name}", words[0]);
    }
}

#[test]
fn every_container_of_ours_is_hardened_and_calls_options_that_exist() {
    for name in ["kubernetes/sidecar.yml", "kubernetes/daemonset.yml"] {
        let documents = documents(name);
        let containers: Vec<Value> = documents.iter().flat_map(containers).collect();
        let ours: Vec<&Value> = containers
            .iter()
            .filter(|it| it["name"] == "errsift")
            .collect();
        assert_eq!(ours.len(), 1, "{name}");
        let security = &ours[0]["securityContext"];
        assert_eq!(security["allowPrivilegeEscalation"], false, "{name}");
        assert_eq!(security["readOnlyRootFilesystem"], true, "{name}");
        assert_eq!(security["capabilities"]["drop"][0], "ALL", "{name}");
        assert!(
            ours[0]["resources"]["limits"]["memory"].is_string(),
            "{name}"
        );
        let volumes = ours[0]["volumeMounts"].as_array().unwrap().iter();
        let logs = volumes.filter(|mount| mount["name"] == "logs");
        assert!(
            logs.clone().count() > 0 && logs.into_iter().all(|it| it["readOnly"] == true),
            "{name}"
        );
        for words in called(name) {
            assert_understood(&words);
        }
    }
}

#[test]
fn the_pod_monitor_finds_the_port_and_the_labels_of_both_deployments() {
    let monitor = &documents("kubernetes/podmonitor.yml")[0];
    assert_eq!(monitor["kind"], "PodMonitor");
    let port = monitor["spec"]["podMetricsEndpoints"][0]["port"]
        .as_str()
        .unwrap();
    let wanted = monitor["spec"]["selector"]["matchLabels"]
        .as_object()
        .unwrap();
    for name in ["kubernetes/sidecar.yml", "kubernetes/daemonset.yml"] {
        let documents = documents(name);
        let workload = documents
            .iter()
            .find(|it| !containers(it).is_empty())
            .unwrap();
        let labels = &workload["spec"]["template"]["metadata"]["labels"];
        for (label, value) in wanted {
            assert_eq!(&labels[label], value, "{name}");
        }
        let ports = containers(workload)
            .into_iter()
            .flat_map(|it| it["ports"].as_array().cloned());
        let ports: BTreeSet<String> = ports
            .flatten()
            .filter_map(|it| it["name"].as_str().map(str::to_owned))
            .collect();
        assert!(ports.contains(port), "{name}: {ports:?}");
    }
}

#[test]
fn the_unit_is_hardened_and_calls_options_that_exist() {
    let unit = text("systemd/errsift.service");
    for line in [
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "DynamicUser=yes",
        "CapabilityBoundingSet=",
    ] {
        assert!(unit.lines().any(|it| it == line), "no {line}");
    }
    let start = unit
        .lines()
        .find_map(|line| line.strip_prefix("ExecStart="))
        .unwrap();
    let words: Vec<String> = start
        .split_whitespace()
        .skip(1)
        .map(str::to_owned)
        .collect();
    assert_understood(&words);
}

#[test]
fn systemd_accepts_the_unit() {
    let folder = tempfile::tempdir().unwrap();
    let unit = text("systemd/errsift.service");
    let unit = unit.replace("/usr/local/bin/errsift", env!("CARGO_BIN_EXE_errsift"));
    let file = folder.path().join("errsift.service");
    std::fs::write(&file, unit).unwrap();
    let verify = Command::new("systemd-analyze")
        .arg("verify")
        .arg(&file)
        .output();
    // Not every machine has systemd; the one that gates does.
    if let Ok(verify) = verify {
        let said = String::from_utf8_lossy(&verify.stderr).into_owned();
        assert!(!said.contains("errsift.service"), "{said}");
        assert_ends_well(&verify);
    }
}

#[test]
fn the_image_is_static_small_and_of_no_privileged_user() {
    let text = text("docker/Dockerfile");
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let last_from = lines
        .iter()
        .rposition(|line| line.starts_with("FROM "))
        .unwrap();
    assert!(
        lines[last_from].contains("distroless/static"),
        "{}",
        lines[last_from]
    );
    let user = lines[last_from..]
        .iter()
        .find_map(|line| line.strip_prefix("USER "));
    assert_eq!(user, Some("65532:65532"));
    assert!(
        lines.contains(&"ENTRYPOINT [\"/usr/local/bin/errsift\"]"),
        "{text}"
    );
}

#[test]
fn the_filters_of_vector_and_fluent_bit_call_options_that_exist() {
    let vector = &documents("vector/errsift.yml")[0];
    let command = vector["sources"]["errsift"]["command"].as_array().unwrap();
    let words: Vec<String> = command
        .iter()
        .map(|word| word.as_str().unwrap().to_owned())
        .collect();
    assert_eq!(words[0], "errsift");
    assert_understood(&words[1..]);

    let fluent_bit = &documents("fluent-bit/errsift.yml")[0];
    let input = &fluent_bit["pipeline"]["inputs"][0];
    assert_eq!(input["name"], "exec");
    let command = input["command"].as_str().unwrap();
    let words = command
        .split_whitespace()
        .skip_while(|word| *word != "errsift")
        .skip(1);
    let words: Vec<String> = words.map(str::to_owned).collect();
    assert_understood(&words);
    assert_eq!(input["parser"], fluent_bit["parsers"][0]["name"]);
}
