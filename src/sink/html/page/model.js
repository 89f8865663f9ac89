// What is shown, made from a result once; every view reads it.

let model = null;

const keyOf = row => [row.provider ?? '', row.code, row.candidates.join('|')].join('/');

const providerOf = row => row.provider ?? (row.candidates.length ? row.candidates.join('|') + '?' : '?');

// What a change is known by; rows that differ in their candidates alone have changed as one.
const changeKey = row => [row.provider ?? '', row.code].join('/');

const mostSeen = observed => {
  const pairs = Object.entries(observed).sort((a, b) => b[1] - a[1]);
  return pairs.length ? Number(pairs[0][0]) : null;
};

const texts = text => text ? [text.en, text.zh] : [];

const modelRow = (row, index, left) => ({
  ...row,
  index,
  key: keyOf(row),
  shownProvider: providerOf(row),
  status: row.http_status ?? mostSeen(row.observed_status),
  first: seconds(row.first_seen),
  last: seconds(row.last_seen),
  times: row.buckets.map(([start]) => seconds(start)),
  counts: row.buckets.map(([, count]) => count),
  filesLeftOut: left?.[index] ?? 0,
  inSpan: row.count,
  haystack: null,
});

const haystackOf = row => row.haystack ??= [
  row.code, row.shownProvider, row.product, row.category, WORDS.zh['k_' + row.category], row.message,
  ...texts(row.meaning), ...texts(row.remediation),
  ...row.samples.flatMap(sample => [sample.text, sample.request_id, sample.path]),
  ...Object.keys(row.files ?? {}),
].filter(Boolean).join('\n').toLowerCase();

const modelOf = data => {
  const rows = data.codes.map((row, index) => modelRow(row, index, data.files_left_out));
  const met = new Set();
  return {
    data,
    rows,
    isShared: new Set(rows.map(row => row.code).filter(code => met.has(code) || !met.add(code))),
    byKey: new Map(rows.map(row => [row.key, row])),
    rowOf: new Map(rows.map(row => [changeKey(row), row])),
    changeOf: new Map((data.baseline?.changes ?? []).map(row => [changeKey(row), row])),
    first: seconds(data.time.first),
    last: seconds(data.time.last),
    broken: data.inputs.filter(input => input.state === 'partial' || input.state === 'failed'),
    folded: data.inputs.reduce((sum, input) => sum + (input.folded ?? 1), 0),
    chart: data.chart ?? null,
  };
};

const sumWithin = (row, [from, to]) => {
  let sum = 0;
  for (let i = 0; i < row.times.length; i += 1) {
    if (row.times[i] >= from && row.times[i] < to) sum += row.counts[i];
  }
  return sum;
};

// Counts each row within the selected span.
const countSpan = () => {
  for (const row of model.rows) row.inSpan = state.span ? sumWithin(row, state.span) : row.count;
};

const groupsByCategory = () => {
  const groups = new Map();
  for (const row of model.rows) {
    if (!row.inSpan) continue;
    const name = row.category ?? '';
    const group = groups.get(name)
      ?? { name, count: 0, helps: 0, told: 0, first: null, last: null, rows: [] };
    group.count += row.inSpan;
    if (row.retryable !== null) group.told += row.inSpan;
    if (row.retryable) group.helps += row.inSpan;
    if (row.first !== null) group.first = Math.min(group.first ?? row.first, row.first);
    if (row.last !== null) group.last = Math.max(group.last ?? row.last, row.last);
    group.rows.push(row);
    groups.set(name, group);
  }
  const list = [...groups.values()].sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
  for (const group of list) group.rows.sort((a, b) => b.inSpan - a.inSpan);
  return list;
};

// Counts of rows in at most `most` columns over the whole time; null where there are none.
const series = (rows, most) => {
  const { chart } = model;
  if (!chart) return null;
  const columns = Math.min(most, chart.columns);
  const values = new Array(columns).fill(0);
  const whole = chart.columns * chart.step;
  for (const row of rows) {
    for (let i = 0; i < row.times.length; i += 1) {
      const column = Math.floor((row.times[i] - chart.start) * columns / whole);
      if (column >= 0 && column < columns) values[column] += row.counts[i];
    }
  }
  return values;
};

// A sparkline: bars as one path, with the selected span behind them.
const spark = (values, height, label) => {
  if (!values) return null;
  const most = Math.max(1, ...values);
  const unit = 100 / values.length;
  // A single moment is a bar too, not a block.
  const bar = Math.min(unit * 0.86, 8).toFixed(2);
  const bars = values.map((value, column) => {
    const size = value ? Math.max(1.5, value / most * height) : 0;
    return size ? `M${(column * unit).toFixed(2)} ${height}v-${size.toFixed(2)}h${bar}v${size.toFixed(2)}z` : '';
  });
  const picture = svg('svg', {
    class: 'spark', viewBox: `0 0 100 ${height}`, preserveAspectRatio: 'none',
    ...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' }),
  });
  if (state.span) {
    const { start, step, columns } = model.chart;
    const at = time => (time - start) / (step * columns) * 100;
    const [from, to] = state.span.map(at);
    picture.append(svg('rect', { class: 'spark-span', x: from, y: 0, width: to - from, height }));
  }
  picture.append(svg('path', { d: bars.join('') }));
  return picture;
};
