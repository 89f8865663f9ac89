//! Panels of a Grafana dashboard, and where they stand.

use serde_json::{Value, json};

/// Grafana's columns.
const COLUMNS: u64 = 24;

/// A panel without its place.
pub(super) struct Panel {
    kind: &'static str,
    title: &'static str,
    width: u64,
    height: u64,
    targets: Vec<Value>,
    defaults: Value,
    overrides: Vec<Value>,
    options: Value,
    transformations: Vec<Value>,
    least_step: Option<&'static str>,
}

/// How the data source of every panel is chosen: by the dashboard's own variable.
pub(super) fn datasource() -> Value {
    json!({ "type": "prometheus", "uid": "${datasource}" })
}

impl Panel {
    fn new(kind: &'static str, title: &'static str, width: u64, height: u64) -> Self {
        Panel {
            kind,
            title,
            width,
            height,
            targets: Vec::new(),
            defaults: json!({}),
            overrides: Vec::new(),
            options: json!({}),
            transformations: Vec::new(),
            least_step: None,
        }
    }

    /// A number over the whole time shown.
    pub(super) fn stat(title: &'static str, unit: &str, expr: &str) -> Self {
        let options = json!({
            "colorMode": "value",
            "graphMode": "none",
            "reduceOptions": { "calcs": ["lastNotNull"], "fields": "", "values": false },
        });
        Panel {
            defaults: json!({ "unit": unit, "noValue": "0" }),
            options,
            ..Panel::new("stat", title, 4, 4)
        }
        .instant(expr, "")
    }

    /// Bars or lines over time.
    pub(super) fn over_time(title: &'static str, width: u64, unit: &str, is_bars: bool) -> Self {
        let custom = match is_bars {
            true => json!({
                "drawStyle": "bars", "fillOpacity": 80, "lineWidth": 0,
                "stacking": { "mode": "normal", "group": "A" },
            }),
            false => json!({ "drawStyle": "line", "fillOpacity": 10, "lineWidth": 1 }),
        };
        let options = json!({
            "legend": { "displayMode": "list", "placement": "bottom" },
            "tooltip": { "mode": "multi", "sort": "desc" },
        });
        Panel {
            defaults: json!({ "unit": unit, "min": 0, "custom": custom }),
            options,
            // Shorter than a few scrapes, a step would show nothing.
            least_step: Some("5m"),
            ..Panel::new("timeseries", title, width, 8)
        }
    }

    /// One bar a series.
    pub(super) fn bars(
        title: &'static str,
        width: u64,
        unit: &str,
        expr: &str,
        legend: &str,
    ) -> Self {
        let options = json!({
            "orientation": "horizontal",
            "displayMode": "basic",
            "reduceOptions": { "calcs": ["lastNotNull"], "fields": "", "values": false },
        });
        Panel {
            defaults: json!({ "unit": unit, "min": 0 }),
            options,
            ..Panel::new("bargauge", title, width, 8)
        }
        .instant(expr, legend)
    }

    /// A row for each series, with these labels as columns before the value.
    pub(super) fn table(
        title: &'static str,
        width: u64,
        expr: &str,
        columns: &[(&str, &str)],
        value: (&str, &str),
    ) -> Self {
        let mut panel = Panel::new("table", title, width, 10);
        panel.targets.push(json!({
            "datasource": datasource(), "refId": "A", "expr": expr,
            "instant": true, "range": false, "format": "table",
        }));
        let names = columns.iter().map(|(label, title)| (*label, json!(title)));
        let names = names.chain([("Value", json!(value.0))]);
        let order = columns.iter().map(|(label, _)| *label).chain(["Value"]);
        let order: serde_json::Map<String, Value> = order
            .zip(0_u64..)
            .map(|(name, place)| (name.to_owned(), json!(place)))
            .collect();
        let names: serde_json::Map<String, Value> = names
            .map(|(name, title)| (name.to_owned(), title))
            .collect();
        panel.transformations.push(json!({
            "id": "organize",
            "options": { "excludeByName": { "Time": true }, "indexByName": order, "renameByName": names },
        }));
        panel.overrides.push(json!({
            "matcher": { "id": "byName", "options": value.0 },
            "properties": [{ "id": "unit", "value": value.1 }],
        }));
        panel.options = json!({
            "sortBy": [{ "displayName": value.0, "desc": true }],
        });
        panel
    }

    /// With one more line, or more of them.
    pub(super) fn range(mut self, expr: &str, legend: &str) -> Self {
        self.targets.push(json!({
            "datasource": datasource(), "refId": self.next_ref(), "expr": expr,
            "legendFormat": legend, "range": true, "instant": false,
        }));
        self
    }

    /// With one more value, or more of them.
    pub(super) fn instant(mut self, expr: &str, legend: &str) -> Self {
        self.targets.push(json!({
            "datasource": datasource(), "refId": self.next_ref(), "expr": expr,
            "legendFormat": legend, "range": false, "instant": true,
        }));
        self
    }

    /// With what holds for single series.
    pub(super) fn overridden(mut self, overrides: &[Value]) -> Self {
        self.overrides.extend_from_slice(overrides);
        self
    }

    fn next_ref(&self) -> String {
        let letters = ('A'..='Z').map(String::from);
        let mut free = letters.skip(self.targets.len());
        free.next().expect("no panel has 26 expressions")
    }

    fn place(self, id: u64, x: u64, y: u64) -> Value {
        json!({
            "id": id,
            "type": self.kind,
            "title": self.title,
            "datasource": datasource(),
            "gridPos": { "x": x, "y": y, "w": self.width, "h": self.height },
            "targets": self.targets,
            "fieldConfig": { "defaults": self.defaults, "overrides": self.overrides },
            "options": self.options,
            "transformations": self.transformations,
            "interval": self.least_step,
        })
    }
}

/// Lays out titled rows of panels, from left to right and top to bottom.
pub(super) fn lay_out(rows: Vec<(&'static str, Vec<Panel>)>) -> Vec<Value> {
    let mut placed = Vec::new();
    let mut y = 0;
    for (title, panels) in rows {
        let id = placed.len() as u64 + 1; // lossless: a dashboard has a few dozen panels
        placed.push(json!({
            "id": id, "type": "row", "title": title, "collapsed": false, "panels": [],
            "gridPos": { "x": 0, "y": y, "w": COLUMNS, "h": 1 },
        }));
        y += 1;
        let (mut x, mut tallest) = (0, 0);
        for (panel, id) in panels.into_iter().zip(id + 1..) {
            if x + panel.width > COLUMNS {
                (x, y, tallest) = (0, y + tallest, 0);
            }
            tallest = tallest.max(panel.height);
            let width = panel.width;
            placed.push(panel.place(id, x, y));
            x += width;
        }
        y += tallest;
    }
    placed
}
