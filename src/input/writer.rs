//! Which container wrote a file, told by where the file lies.
//!
//! Nothing of the log is read: this is for lines that are known to be a container's.

use std::io::Read;
use std::path::Path;

use serde::Deserialize;

use super::STDIN;

/// What docker keeps about a container beside its log.
const DOCKER_CONFIG: &str = "config.v2.json";

/// The most that is read of it, in bytes; it is a few KiB long.
const MAX_CONFIG_BYTES: u64 = 1 << 20;

/// The shortest id of a container in a file's name, in hexadecimal digits.
const MIN_ID_DIGITS: usize = 12;

#[derive(Deserialize)]
struct DockerConfig {
    #[serde(rename = "Name")]
    name: String,
}

/// The container whose log the input at `path` is: its pod and its name, or its name.
pub(crate) fn container(path: &str) -> Option<String> {
    if path == STDIN {
        return None;
    }
    if let Some(name) = of_pod(path) {
        return Some(name);
    }
    let path = Path::new(path);
    // Links lead from names that tell little to those that tell more.
    let real = std::fs::canonicalize(path).ok();
    let of_real = real.as_deref().and_then(Path::to_str).and_then(of_pod);
    of_real
        .or_else(|| of_docker(path))
        .or_else(|| of_docker(real.as_deref()?))
}

/// Kubernetes' names: `NAMESPACE_POD_UID/CONTAINER/0.log` and `POD_NAMESPACE_CONTAINER-ID.log`.
fn of_pod(path: &str) -> Option<String> {
    let mut parts = path.rsplit(['/', '!']);
    let file = parts.next()?;
    if let Some((pod, _, rest)) = three_names(file)
        && let Some((container, id)) = rest.rsplit_once('-')
        && let Some((id, _)) = id.split_once('.')
        && id.len() >= MIN_ID_DIGITS
        && id.bytes().all(|byte| byte.is_ascii_hexdigit())
    {
        return Some(format!("{pod}/{container}"));
    }
    let container = parts.next()?;
    let (_, pod, _) = three_names(parts.next()?)?;
    let is_numbered = file.starts_with(|first: char| first.is_ascii_digit());
    (is_numbered && !container.is_empty()).then(|| format!("{pod}/{container}"))
}

/// The parts of three names that are joined by `_`, which none of Kubernetes' names has.
fn three_names(text: &str) -> Option<(&str, &str, &str)> {
    let mut names = text.split('_');
    let three = (names.next()?, names.next()?, names.next()?);
    let is_whole = [three.0, three.1, three.2]
        .iter()
        .all(|name| !name.is_empty());
    (is_whole && names.next().is_none()).then_some(three)
}

fn of_docker(log: &Path) -> Option<String> {
    let config = std::fs::File::open(log.with_file_name(DOCKER_CONFIG)).ok()?;
    let config: DockerConfig =
        serde_json::from_reader(std::io::BufReader::new(config.take(MAX_CONFIG_BYTES))).ok()?;
    let name = config.name.trim_start_matches('/');
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_and_its_container_are_told_by_the_path() {
        let id = "0123456789abcdef".repeat(4);
        for path in [
            String::from("/var/log/pods/shop_web-0_3f2a/app/0.log"),
            String::from("pods/shop_web-0_3f2a/app/0.log.20261122-100000.gz"),
            String::from("backup.tar.gz!shop_web-0_3f2a/app/12.log"),
            format!("/var/log/containers/web-0_shop_app-{id}.log"),
            format!("web-0_shop_app-{id}.log.1"),
        ] {
            assert_eq!(of_pod(&path).as_deref(), Some("web-0/app"), "{path}");
        }
        for path in [
            "-",
            "0.log",
            "app/0.log",
            "a_b/app/0.log",
            "a_b_c/app/current.log",
            "my_own_app-1.log",
            "a__c/app/0.log",
        ] {
            assert_eq!(of_pod(path), None, "{path}");
        }
    }

    #[test]
    fn a_container_of_docker_is_told_by_what_lies_beside_its_log() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let log = folder.path().join("0123-json.log");
        std::fs::write(&log, "").expect("a file can be written");
        let path = log.to_str().expect("the path is plain");
        assert_eq!(container(path), None);
        assert_eq!(container(STDIN), None);
        let config = folder.path().join(DOCKER_CONFIG);
        for (text, name) in [
            (r#"{"ID":"0123","Name":"/web-1"}"#, Some("web-1")),
            (r#"{"ID":"0123"}"#, None),
            ("{", None),
        ] {
            std::fs::write(&config, text).expect("a file can be written");
            assert_eq!(container(path).as_deref(), name, "{text}");
        }
    }
}
