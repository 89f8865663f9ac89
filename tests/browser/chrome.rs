//! Chromium over the DevTools protocol, through its debugging pipe.

use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// The most that one test may take; a browser that hangs is ended then, and the test fails.
const PATIENCE: Duration = Duration::from_secs(180);

/// A browser with one page.
pub struct Chrome {
    pipe: RefCell<Pipe>,
    session: Value,
    _watch: Sender<()>,
    _profile: TempDir,
}

struct Pipe {
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    last_id: u64,
    /// What the browser has told without being asked, in order.
    events: Vec<Value>,
}

impl Pipe {
    fn send(&mut self, session: &Value, method: &str, params: Value) -> u64 {
        self.last_id += 1;
        let mut message = json!({"id": self.last_id, "method": method, "params": params});
        if !session.is_null() {
            message["sessionId"] = session.clone();
        }
        write!(self.to, "{message}\0").unwrap();
        self.last_id
    }

    fn receive(&mut self) -> Value {
        let mut message = Vec::new();
        self.from.read_until(0, &mut message).unwrap();
        assert_eq!(
            message.pop(),
            Some(0),
            "the browser has ended, or took too long"
        );
        serde_json::from_slice(&message).unwrap()
    }

    fn call(&mut self, session: &Value, method: &str, params: Value) -> Value {
        let id = self.send(session, method, params);
        loop {
            let mut message = self.receive();
            if message["id"] == id {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].take();
            }
            self.events.push(message);
        }
    }
}

impl Chrome {
    /// A browser of this size in a page that is still empty.
    pub fn new(width: u32, height: u32) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut child = launch(profile.path(), width, height);
        let mut pipe = Pipe {
            to: child.stdin.take().unwrap(),
            from: BufReader::new(child.stdout.take().unwrap()),
            last_id: 0,
            events: Vec::new(),
        };
        let watch = watch(child);
        let none = Value::Null;
        let target = pipe.call(&none, "Target.createTarget", json!({"url": "about:blank"}));
        let to_target = json!({"targetId": target["targetId"], "flatten": true});
        let session = pipe.call(&none, "Target.attachToTarget", to_target)["sessionId"].take();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            pipe.call(&session, &format!("{domain}.enable"), json!({}));
        }
        let chrome = Chrome {
            pipe: RefCell::new(pipe),
            session,
            _watch: watch,
            _profile: profile,
        };
        chrome.resize(width, height, false);
        chrome
    }

    pub fn call(&self, method: &str, params: Value) -> Value {
        self.pipe.borrow_mut().call(&self.session, method, params)
    }

    pub fn resize(&self, width: u32, height: u32, mobile: bool) {
        let scale = if mobile { 2 } else { 1 };
        self.call(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": mobile}),
        );
        self.call(
            "Emulation.setTouchEmulationEnabled",
            json!({"enabled": mobile}),
        );
    }

    /// The theme that the system prefers.
    pub fn prefer(&self, theme: &str) {
        let feature = json!({"name": "prefers-color-scheme", "value": theme});
        self.call("Emulation.setEmulatedMedia", json!({"features": [feature]}));
    }

    pub fn open_file(&self, path: &Path) {
        self.open(&format!("file://{}", path.display()));
    }

    /// Opens the page of `url` and waits until it is loaded.
    pub fn open(&self, url: &str) {
        self.pipe.borrow_mut().events.clear();
        let to = self.call("Page.navigate", json!({"url": url}));
        assert!(to["errorText"].is_null(), "{url}: {to}");
        self.wait_for("Page.loadEventFired");
    }

    fn wait_for(&self, method: &str) {
        let mut pipe = self.pipe.borrow_mut();
        while !pipe.events.iter().any(|event| event["method"] == method) {
            let event = pipe.receive();
            pipe.events.push(event);
        }
    }

    /// What `expression` is in the page, awaited where it is a promise.
    pub fn eval(&self, expression: &str) -> Value {
        let params = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let mut outcome = self.call("Runtime.evaluate", params);
        let thrown = &outcome["exceptionDetails"];
        assert!(thrown.is_null(), "{expression}: {thrown}");
        outcome["result"]["value"].take()
    }

    /// Waits until `expression` is true, which the page itself watches from frame to frame.
    pub fn await_true(&self, expression: &str) {
        self.eval(&format!(
            "new Promise(done => {{ const look = () => ({expression}) ? done() : requestAnimationFrame(look); look(); }})"
        ));
    }

    pub fn text(&self, selector: &str) -> String {
        let quoted = json!(selector);
        match self.eval(&format!("document.querySelector({quoted})?.innerText")) {
            Value::String(text) => text,
            other => panic!("{selector}: {other}"),
        }
    }

    pub fn count(&self, selector: &str) -> u64 {
        let quoted = json!(selector);
        let count = self.eval(&format!("document.querySelectorAll({quoted}).length"));
        count.as_u64().unwrap()
    }

    pub fn click(&self, selector: &str) {
        let (x, y) = self.middle(selector);
        self.mouse("mousePressed", x, y);
        self.mouse("mouseReleased", x, y);
    }

    /// Drags from one share of an element's width to another.
    pub fn drag(&self, selector: &str, from: f64, to: f64) {
        let [left, top, width, height] = self.bounds(selector);
        let y = top + height / 2.0;
        self.mouse("mouseMoved", left + width * from, y);
        self.mouse("mousePressed", left + width * from, y);
        self.mouse("mouseMoved", left + width * to, y);
        self.mouse("mouseReleased", left + width * to, y);
    }

    /// Drags the middle of an element to a share of another's width.
    pub fn drag_to(&self, selector: &str, other: &str, share: f64) {
        let (x, y) = self.middle(selector);
        let [left, _, width, _] = self.bounds(other);
        self.mouse("mouseMoved", x, y);
        self.mouse("mousePressed", x, y);
        self.mouse("mouseMoved", left + width * share, y);
        self.mouse("mouseReleased", left + width * share, y);
    }

    fn mouse(&self, kind: &str, x: f64, y: f64) {
        let held = if kind == "mouseMoved" { 0 } else { 1 };
        self.call(
            "Input.dispatchMouseEvent",
            json!({"type": kind, "x": x, "y": y, "button": if held == 1 { "left" } else { "none" }, "buttons": held, "clickCount": held}),
        );
    }

    fn middle(&self, selector: &str) -> (f64, f64) {
        let [left, top, width, height] = self.bounds(selector);
        (left + width / 2.0, top + height / 2.0)
    }

    fn bounds(&self, selector: &str) -> [f64; 4] {
        let quoted = json!(selector);
        let bounds = self.eval(&format!(
            "(() => {{ const e = document.querySelector({quoted}); e.scrollIntoView({{block: 'center', behavior: 'instant'}}); \
             const b = e.getBoundingClientRect(); return [b.left, b.top, b.width, b.height]; }})()"
        ));
        serde_json::from_value(bounds).unwrap()
    }

    /// Presses and releases a key such as `Tab`, `Enter` or `/`.
    pub fn press(&self, key: &str) {
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            "Tab" => 9,
            "PageUp" => 33,
            "ArrowLeft" => 37,
            "ArrowUp" => 38,
            "ArrowRight" => 39,
            "ArrowDown" => 40,
            _ => 0,
        };
        let text = match key {
            "Enter" => "\r",
            key if key.chars().count() == 1 => key,
            _ => "",
        };
        let down = if text.is_empty() {
            "rawKeyDown"
        } else {
            "keyDown"
        };
        for kind in [down, "keyUp"] {
            let typed = if kind == "keyDown" { text } else { "" };
            self.call(
                "Input.dispatchKeyEvent",
                json!({"type": kind, "key": key, "text": typed, "windowsVirtualKeyCode": code}),
            );
        }
    }

    pub fn type_text(&self, text: &str) {
        self.call("Input.insertText", json!({"text": text}));
    }

    /// What went wrong in the page, and whom it asked for anything, since it was opened.
    pub fn complaints(&self, own: &str) -> Vec<String> {
        self.eval("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        let pipe = self.pipe.borrow();
        let complaint = |event: &Value| {
            let params = &event["params"];
            match event["method"].as_str()? {
                "Runtime.exceptionThrown" | "Log.entryAdded" => Some(params.to_string()),
                "Runtime.consoleAPICalled" => Some(params["args"].to_string()),
                "Network.requestWillBeSent" => {
                    let url = params["request"]["url"].as_str().unwrap_or_default();
                    let is_own = url.starts_with(own) || url.starts_with("data:");
                    (!is_own).then(|| format!("asked for {url}"))
                }
                _ => None,
            }
        };
        pipe.events.iter().filter_map(complaint).collect()
    }

    /// A picture of the page, from its top to `height`, in the format `png` or `webp`.
    pub fn screenshot(&self, format: &str, clip: Option<[f64; 2]>) -> Vec<u8> {
        use base64::Engine;
        let mut params = json!({"format": format, "captureBeyondViewport": clip.is_some()});
        if let Some([width, height]) = clip {
            params["clip"] = json!({"x": 0, "y": 0, "width": width, "height": height, "scale": 1});
        }
        if format == "webp" {
            params["quality"] = json!(60);
        }
        let shot = self.call("Page.captureScreenshot", params);
        let data = shot["data"].as_str().unwrap();
        base64::prelude::BASE64_STANDARD.decode(data).unwrap()
    }
}

/// The browser's protocol is on its descriptors 3 and 4, which the shell makes from our pipes.
fn launch(profile: &Path, width: u32, height: u32) -> Child {
    let shell = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#;
    Command::new("sh")
        .args(["-c", shell, "chromium", "--headless=new", "--no-sandbox"])
        .args(["--remote-debugging-pipe", "--no-first-run", "--disable-gpu"])
        .args(["--disable-background-networking", "--hide-scrollbars"])
        .arg("--disable-dev-shm-usage")
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--window-size={width},{height}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Ends the browser when the sender is dropped, or when patience is at its end.
fn watch(mut child: Child) -> Sender<()> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let outcome = receiver.recv_timeout(PATIENCE);
        if outcome == Err(RecvTimeoutError::Timeout) {
            eprintln!("the browser took more than {PATIENCE:?}");
        }
        let _ = child.kill();
        let _ = child.wait();
    });
    sender
}
