//! Rows and columns as text of a given width.
//!
//! No line of a table or of its stacked form is wider than asked for, and none ends
//! with blanks. Cells hold text that is safe to print; colours are added here, after
//! measuring. comfy-table does not do here: it cuts CJK text without regard for
//! punctuation, asks the environment about colours, and has no form for narrow terminals.

use super::text::{Paint, columns, wrap};

/// The least that a wrapped column may have; less leaves a word or two a line.
const TEXT_COLUMNS: usize = 18;

/// The least width that is laid out for; what reports less is no terminal to read from.
pub(super) const LEAST_COLUMNS: usize = 30;

const GAP: &str = "  ";

/// One column of a grid.
pub(super) struct Column {
    pub(super) title: &'static str,
    pub(super) right: bool,
    /// 0: as wide as its content. Else its part of what the others leave, and it wraps.
    pub(super) share: usize,
    /// Whether the title stands before the value where rows stand below each other.
    pub(super) titled: bool,
}

impl Column {
    /// As wide as its content.
    pub(super) fn left(title: &'static str) -> Self {
        Column {
            title,
            right: false,
            share: 0,
            titled: false,
        }
    }

    /// As wide as its content, which ends at the right: numbers.
    pub(super) fn right(title: &'static str) -> Self {
        Column {
            right: true,
            ..Column::left(title)
        }
    }

    /// The column with its title before each value where rows stand below each other.
    pub(super) fn titled(self) -> Self {
        Column {
            titled: true,
            ..self
        }
    }

    /// Takes its part of the space that is left, and wraps.
    pub(super) fn text(title: &'static str, share: usize) -> Self {
        Column {
            share,
            titled: true,
            ..Column::left(title)
        }
    }
}

/// One cell of a grid.
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) paint: Paint,
}

impl Cell {
    /// A cell in the given paint.
    pub(super) fn painted(text: impl Into<String>, paint: Paint) -> Self {
        Cell {
            text: text.into(),
            paint,
        }
    }

    /// A cell as it is.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Cell::painted(text, Paint::Plain)
    }
}

/// A table; each row has as many cells as there are columns.
pub(super) struct Grid {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// The least width of a terminal at which texts are wrapped side by side.
    pub(super) side_by_side: usize,
    /// Between a column's title and its text where rows stand below each other.
    pub(super) colon: &'static str,
}

impl Grid {
    /// The lines of the grid: a table where it fits into `width`, else row below row.
    pub(super) fn lines(&self, width: Option<usize>, color: bool) -> Vec<String> {
        let width = width.map(|width| width.max(LEAST_COLUMNS));
        match (self.widths(width), width) {
            (Some(widths), _) => self.table(&widths, color),
            (None, width) => self.stack(width.unwrap_or(usize::MAX), color),
        }
    }

    /// The width of each column; `None` where the table does not fit.
    fn widths(&self, width: Option<usize>) -> Option<Vec<usize>> {
        let mut widths = self.natural_widths();
        let gaps = GAP.len() * self.columns.len().saturating_sub(1);
        let needed = widths.iter().sum::<usize>() + gaps;
        let Some(width) = width.filter(|width| needed > *width) else {
            return Some(widths);
        };
        let texts = || self.columns.iter().filter(|column| column.share > 0);
        let fixed: usize = std::iter::zip(&self.columns, &widths)
            .filter(|(column, _)| column.share == 0)
            .map(|(_, width)| width)
            .sum();
        let left = width.checked_sub(fixed + gaps)?;
        let fits = width >= self.side_by_side && left >= TEXT_COLUMNS * texts().count();
        if !fits || texts().count() == 0 {
            return None;
        }
        self.share_out(left, &mut widths);
        Some(widths)
    }

    fn natural_widths(&self) -> Vec<usize> {
        let widest = |(i, column): (usize, &Column)| {
            let cells = self.rows.iter().map(|row| columns(&row[i].text));
            cells.max().unwrap_or(0).max(columns(column.title))
        };
        self.columns.iter().enumerate().map(widest).collect()
    }

    /// Gives the text columns `left` columns by their shares, none more than it needs.
    fn share_out(&self, mut left: usize, widths: &mut [usize]) {
        let mut open: Vec<usize> = (0..widths.len())
            .filter(|&i| self.columns[i].share > 0)
            .collect();
        while !open.is_empty() {
            let shares: usize = open.iter().map(|&i| self.columns[i].share).sum();
            let part = |i: usize| left * self.columns[i].share / shares;
            if let Some(at) = open.iter().position(|&i| widths[i] <= part(i)) {
                left -= widths[open.remove(at)];
                continue;
            }
            let i = open.remove(0);
            widths[i] = part(i).max(1);
            left -= widths[i];
        }
    }

    fn table(&self, widths: &[usize], color: bool) -> Vec<String> {
        let title = |column: &Column| Cell::painted(column.title, Paint::Dim);
        let head: Vec<Cell> = self.columns.iter().map(title).collect();
        let rule = "─".repeat(line_width(widths));
        let mut lines = self.row_lines(&head, widths, color);
        lines.push(Paint::Dim.apply(&rule, color));
        for row in &self.rows {
            lines.extend(self.row_lines(row, widths, color));
        }
        lines
    }

    fn row_lines(&self, row: &[Cell], widths: &[usize], color: bool) -> Vec<String> {
        let fits = |(cell, &width): (&Cell, &usize)| columns(&cell.text) <= width;
        if std::iter::zip(row, widths).all(fits) {
            // So is every row without a terminal, and there may be thousands.
            return vec![self.line(row, widths, color, |i| &row[i].text)];
        }
        let wrapped: Vec<Vec<String>> = std::iter::zip(row, widths)
            .map(|(cell, &width)| wrap(&cell.text, width.max(1)))
            .collect();
        let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
        let part = |i: usize, at: usize| wrapped[i].get(at).map_or("", String::as_str);
        (0..height)
            .map(|at| self.line(row, widths, color, |i| part(i, at)))
            .collect()
    }

    /// One line of `row`, of whose cells it holds what `text` tells.
    fn line<'t>(
        &self,
        row: &[Cell],
        widths: &[usize],
        color: bool,
        text: impl Fn(usize) -> &'t str,
    ) -> String {
        let mut line = String::with_capacity(line_width(widths));
        // Written before the next text alone: no line ends with blanks.
        let mut blanks = 0;
        for (i, cell) in row.iter().enumerate() {
            let text = text(i).trim_end();
            let free = widths[i].saturating_sub(columns(text));
            blanks += if i > 0 { GAP.len() } else { 0 };
            if text.is_empty() {
                blanks += free;
                continue;
            }
            let (before, behind) = match self.columns[i].right {
                true => (free, 0),
                false => (0, free),
            };
            add_blanks(blanks + before, &mut line);
            cell.paint.add(text, color, &mut line);
            blanks = behind;
        }
        line
    }

    /// Each row as its short cells, and its texts on lines of their own; all but the first
    /// line of a row is indented.
    fn stack(&self, width: usize, color: bool) -> Vec<String> {
        let mut lines = Vec::new();
        for row in &self.rows {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            let mut stack = Stack::new(width, color);
            for (column, cell) in std::iter::zip(&self.columns, row) {
                if cell.text.is_empty() {
                    continue;
                }
                let text = match column.titled {
                    true => format!("{}{}{}", column.title, self.colon, cell.text),
                    false => cell.text.clone(),
                };
                stack.push(&text, cell.paint, column.share > 0);
            }
            lines.extend(stack.lines);
        }
        lines
    }
}

/// Adds so many blanks to `line`, many at a time: where nothing is wrapped a table has many.
fn add_blanks(mut count: usize, line: &mut String) {
    const BLANKS: &str = "                                                                ";
    while count > 0 {
        let part = &BLANKS[..count.min(BLANKS.len())];
        line.push_str(part);
        count -= part.len();
    }
}

fn line_width(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP.len() * widths.len().saturating_sub(1)
}

/// One row of a grid as lines below each other.
struct Stack {
    width: usize,
    color: bool,
    lines: Vec<String>,
    /// The display width of the last line; no less than `width` where nothing may follow on it.
    used: usize,
}

impl Stack {
    fn new(width: usize, color: bool) -> Self {
        Stack {
            width,
            color,
            lines: Vec::new(),
            used: width,
        }
    }

    /// Adds `text` where it fits, or on lines of its own.
    fn push(&mut self, text: &str, paint: Paint, own_lines: bool) {
        if own_lines {
            self.used = self.width;
        }
        for part in wrap(text, self.width - GAP.len()) {
            let painted = paint.apply(&part, self.color);
            let needed = GAP.len() + columns(&part);
            match self.lines.last_mut() {
                Some(line) if !own_lines && self.used.saturating_add(needed) <= self.width => {
                    line.push_str(GAP);
                    line.push_str(&painted);
                    self.used += needed;
                }
                Some(_) => {
                    self.lines.push(format!("{GAP}{painted}"));
                    self.used = needed;
                }
                None => {
                    self.lines.push(painted);
                    self.used = columns(&part);
                }
            }
        }
        if own_lines {
            self.used = self.width;
        }
    }
}
