//! Who may look: a secret, or being on this machine.
//!
//! Whoever reaches a local address is trusted, but not every page that this machine's browser has
//! open: a page elsewhere can give its own name this address and so read what is served here. Such a
//! request names that page's host, and is refused.

use std::fmt;
use std::net::IpAddr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hyper::header::{AUTHORIZATION, HOST, HeaderMap};
use hyper::http::uri::Authority;
use hyper::{StatusCode, Uri};
use subtle::ConstantTimeEq;

/// The fewest characters of a secret: no network is fast enough to try as many.
const MIN_TOKEN_CHARS: usize = 16;

/// The name under which a machine reaches itself.
const LOCALHOST: &str = "localhost";

/// Who is let in.
#[derive(Clone, Debug)]
pub enum Gate {
    /// Who is on this machine.
    Local,
    /// Who knows the secret.
    Token(Token),
    /// Everybody.
    Public,
}

/// A secret.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// The secret of a file that holds nothing else.
    ///
    /// # Errors
    ///
    /// Returns what was expected instead of `text`, which is not quoted.
    pub fn new(text: &str) -> Result<Token, String> {
        let text = text.trim();
        let is_token = text.bytes().all(|byte| byte.is_ascii_graphic());
        match is_token && text.len() >= MIN_TOKEN_CHARS {
            true => Ok(Token(text.to_owned())),
            false => Err(format!(
                "expected one secret of at least {MIN_TOKEN_CHARS} letters, digits and signs, such \
                 as `openssl rand -hex 32` makes"
            )),
        }
    }

    /// Compares in a time that does not tell how much of `text` is right.
    fn is(&self, text: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(text).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

impl Gate {
    /// Lets a request in.
    ///
    /// # Errors
    ///
    /// Returns the status to answer with, and why.
    pub(super) fn admit(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), (StatusCode, String)> {
        match self {
            Gate::Public => Ok(()),
            Gate::Token(token) if knows(token, headers) => Ok(()),
            Gate::Token(_) => Err((
                StatusCode::UNAUTHORIZED,
                String::from(
                    "expected the secret of --token-file, as a bearer token or as a password\n",
                ),
            )),
            Gate::Local => match hosts(uri, headers).find(|host| !is_local(host)) {
                None => Ok(()),
                Some(_) => Err((
                    StatusCode::MISDIRECTED_REQUEST,
                    String::from(
                        "expected an IP address or localhost as the host; other names need \
                         --token-file or --listen-public\n",
                    ),
                )),
            },
        }
    }
}

/// Whether the secret is there: as a bearer token, or as the password that a browser asks for.
fn knows(token: &Token, headers: &HeaderMap) -> bool {
    let value = headers.get(AUTHORIZATION).map(|value| value.as_bytes());
    let Some((scheme, rest)) = value.and_then(|value| {
        let blank = memchr::memchr(b' ', value)?;
        Some((&value[..blank], value[blank..].trim_ascii()))
    }) else {
        return false;
    };
    if scheme.eq_ignore_ascii_case(b"bearer") {
        return token.is(rest);
    }
    let pair = match scheme.eq_ignore_ascii_case(b"basic") {
        true => BASE64_STANDARD.decode(rest).unwrap_or_default(),
        false => Vec::new(),
    };
    memchr::memchr(b':', &pair).is_some_and(|colon| token.is(&pair[colon + 1..]))
}

/// The hosts that a request names; what cannot be read is an empty name.
fn hosts<'r>(uri: &'r Uri, headers: &'r HeaderMap) -> impl Iterator<Item = String> + 'r {
    let named = headers.get_all(HOST).iter().map(|value| {
        let authority = value.to_str().ok().and_then(|text| text.parse().ok());
        authority.map_or_else(String::new, |authority: Authority| {
            authority.host().to_owned()
        })
    });
    named.chain(uri.host().map(str::to_owned))
}

fn is_local(host: &str) -> bool {
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    address.unwrap_or(host).parse::<IpAddr>().is_ok() || host.eq_ignore_ascii_case(LOCALHOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef";

    fn status(gate: &Gate, headers: &[(&str, &str)]) -> Option<u16> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name: hyper::header::HeaderName = name.parse().unwrap();
            map.append(name, value.parse().unwrap());
        }
        let admitted = gate.admit(&Uri::from_static("/metrics"), &map);
        admitted.err().map(|(status, _)| status.as_u16())
    }

    #[test]
    fn only_the_whole_secret_is_let_in() {
        let gate = Gate::Token(Token::new(&format!("{SECRET}\n")).unwrap());
        let basic = |text: &str| format!("Basic {}", BASE64_STANDARD.encode(text));
        for right in [
            format!("Bearer {SECRET}"),
            format!("bearer  {SECRET}"),
            basic(&format!("anybody:{SECRET}")),
            basic(&format!(":{SECRET}")),
        ] {
            assert_eq!(status(&gate, &[("authorization", &right)]), None, "{right}");
        }
        for wrong in [
            format!("Bearer {}", &SECRET[1..]),
            format!("Bearer {SECRET}0"),
            format!("Bearer{SECRET}"),
            format!("Digest {SECRET}"),
            String::from("Bearer "),
            String::from("Basic ?"),
            basic(SECRET),
            basic("a:b"),
        ] {
            let status = status(&gate, &[("authorization", &wrong)]);
            assert_eq!(status, Some(401), "{wrong}");
        }
        assert_eq!(status(&gate, &[("host", "localhost")]), Some(401));
    }

    #[test]
    fn a_local_address_answers_to_local_names_alone() {
        for host in [
            "127.0.0.1:9184",
            "[::1]:9184",
            "localhost",
            "LocalHost:1",
            "10.0.0.7",
        ] {
            assert_eq!(status(&Gate::Local, &[("host", host)]), None, "{host}");
        }
        for host in [
            "evil.example:9184",
            "localhost.evil.example",
            "",
            "127.0.0.1.nip.io",
            "@:",
        ] {
            assert_eq!(status(&Gate::Local, &[("host", host)]), Some(421), "{host}");
        }
        let two = [("host", "localhost"), ("host", "evil.example")];
        assert_eq!(status(&Gate::Local, &two), Some(421));
        assert_eq!(status(&Gate::Public, &two), None);
    }

    #[test]
    fn a_secret_is_long_enough_to_be_one_and_is_never_shown() {
        let token = Token::new(&format!("\n {SECRET} \n")).unwrap();
        assert_eq!(format!("{token:?}"), "Token(..)");
        for text in ["", "short", "0123456789 abcdef", "two\nlines-of-a-secret"] {
            assert!(
                Token::new(text)
                    .unwrap_err()
                    .starts_with("expected one secret")
            );
        }
    }
}
