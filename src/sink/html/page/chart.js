// The chart: drawn before it got here; selecting a span and reading values off it is done here.

// The one text that becomes markup: a drawing of numbers, in which no word of a log can stand.
const policy = window.trustedTypes?.createPolicy('errsift', { createHTML: text => text });

const drawing = text => {
  const trusted = policy ? policy.createHTML(text) : text;
  const picture = document.importNode(new DOMParser().parseFromString(trusted, 'image/svg+xml').documentElement, true);
  for (const name of ['width', 'height']) picture.removeAttribute(name);
  picture.setAttribute('preserveAspectRatio', 'none');
  picture.setAttribute('class', 'drawing');
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', t('chart_label'));
  return picture;
};

const bandTitle = band => {
  if (band.key === '') return t('rest');
  if (state.stack === 'category') return category(band.key === 'none' ? null : band.key);
  return safeText(model.rows[band.key].code);
};

const columnsOf = span => {
  const { start, step, columns } = model.chart;
  const column = time => Math.max(0, Math.min(columns, Math.round((time - start) / step)));
  return span ? span.map(column) : [0, columns];
};
const timeOf = column => model.chart.start + column * model.chart.step;

const spanText = ([from, to]) => t('span', { first: moment(from), last: moment(to) });

// Says that what is shown is a part, and leads back to the whole.
const spanNote = () => state.span
  ? [el('p', { class: 'span-note' }, spanText(state.span), ' ',
      el('button', { type: 'button', class: 'plain', onclick: () => select(null) }, t('span_clear')))]
  : [];

const mark = columns => {
  const whole = !columns || (columns[0] === 0 && columns[1] === model.chart.columns);
  state.span = whole ? null : columns.map(timeOf);
  placeSpan();
};

const select = columns => {
  mark(columns);
  countSpan();
  renderFirst();
  renderTable();
};

const aboutChart = () => {
  const { rows, chart } = model;
  const inside = rows.reduce((sum, row) => sum + row.counts.reduce((all, count) => all + count, 0), 0);
  // Of the rows, since a saved result may not list all codes.
  const outside = rows.reduce((sum, row) => sum + row.count, 0) - inside;
  const untimed = outside > 0 ? ' ' + t('untimed', { matches: counted('n_matches', outside) }) : '';
  return t('chart_about', { width: width(chart.step), zone: zone(chart.start) }) + untimed;
};

// Moves shades, handles and sums to the selected span.
const placeSpan = () => {
  const { columns } = model.chart;
  const [from, to] = columnsOf(state.span);
  const at = column => `${column / columns * 100}%`;
  const plot = bodyOf('over_time').querySelector('.plot');
  plot.querySelector('.shade.before').style.width = at(from);
  plot.querySelector('.shade.after').style.left = at(to);
  for (const [name, column, least, most] of [['from', from, 0, to - 1], ['to', to, from + 1, columns]]) {
    const handle = plot.querySelector('.handle.' + name);
    handle.style.left = at(column);
    handle.setAttribute('aria-valuemin', least);
    handle.setAttribute('aria-valuemax', most);
    handle.setAttribute('aria-valuenow', column);
    handle.setAttribute('aria-valuetext', moment(timeOf(column)));
  }
  bodyOf('over_time').querySelector('.about').replaceChildren(...(state.span ? spanNote() : [aboutChart()]));
  for (const item of bodyOf('over_time').querySelectorAll('.legend [data-band]')) {
    const { values } = model.chart[state.stack].bands[item.dataset.band];
    item.querySelector('.sum').textContent = num(values.slice(from, to).reduce((sum, value) => sum + value, 0));
  }
};

const handle = name => el('div', {
  class: 'handle ' + name, role: 'slider', tabindex: '0', 'aria-label': t(name), 'aria-orientation': 'horizontal',
  onkeydown: event => {
    const { columns } = model.chart;
    const [from, to] = columnsOf(state.span);
    const now = name === 'from' ? from : to;
    const moves = {
      ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1,
      PageUp: now + 10, PageDown: now - 10, Home: 0, End: columns,
    };
    if (event.key === 'Escape') { select(null); return; }
    if (!(event.key in moves)) return;
    event.preventDefault();
    const move = Math.max(0, Math.min(columns, moves[event.key]));
    select(name === 'from' ? [Math.min(move, to - 1), to] : [from, Math.max(move, from + 1)]);
  },
});

const tip = column => {
  const bands = model.chart[state.stack].bands.filter(band => band.values[column]);
  const sum = bands.reduce((all, band) => all + band.values[column], 0);
  return [
    el('b', {}, `${moment(timeOf(column))} – ${moment(timeOf(column + 1))}`),
    el('span', {}, counted('n_matches', sum)),
    ...bands.reverse().map(band => el('span', {}, el('i', { class: 'swatch ' + band.class }), `${num(band.values[column])} ${bandTitle(band)}`)),
  ];
};

// Puts the box beside the column, within the plot.
const placeTip = (box, column, wide) => {
  const at = (column + 0.5) / model.chart.columns * wide;
  const room = wide - box.offsetWidth;
  const left = at + 12 <= room ? at + 12 : at - 12 - box.offsetWidth;
  box.style.left = `${Math.max(0, Math.min(left, room))}px`;
};

// A drag selects columns, which all views show when it ends; a press without one selects nothing.
const brush = plot => {
  const box = plot.querySelector('.tip');
  const columnAt = event => {
    const { left, width: wide } = plot.getBoundingClientRect();
    const { columns } = model.chart;
    return Math.max(0, Math.min(columns - 1, Math.floor((event.clientX - left) / wide * columns)));
  };
  let start = null;
  let dragged = null;
  let isHandle = false;
  plot.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    const [from, to] = columnsOf(state.span);
    isHandle = event.target.matches('.handle');
    // A handle moves its own end, so the drag starts at the other one.
    if (event.target.matches('.handle.from')) start = to - 1;
    else if (event.target.matches('.handle.to')) start = from;
    else start = columnAt(event);
    dragged = null;
    plot.setPointerCapture(event.pointerId);
  });
  plot.addEventListener('pointermove', event => {
    const column = columnAt(event);
    box.replaceChildren(...tip(column));
    box.hidden = false;
    placeTip(box, column, plot.clientWidth);
    if (start === null || (column === start && !dragged)) return;
    dragged = [Math.min(start, column), Math.max(start, column) + 1];
    mark(dragged);
  });
  const end = () => {
    if (start === null) return;
    start = null;
    if (dragged || !isHandle) select(dragged);
  };
  plot.addEventListener('pointerup', end);
  plot.addEventListener('pointercancel', end);
  plot.addEventListener('pointerleave', () => { box.hidden = true; });
};

const tickText = (time, step) => {
  if (step >= 86400 || minute(time) === '00:00') return day(time).slice(5);
  return step < 60 ? second(time) : minute(time);
};

const plotOf = stack => {
  const { start, step, columns, ticks } = model.chart;
  const whole = step * columns;
  const spacing = ticks.length > 1 ? ticks[1] - ticks[0] : step;
  const place = (label, side, share) => { label.style[side] = `${share * 100}%`; return label; };
  const rows = stack.ticks.map(tick => place(el('span', {}, num(tick)), 'bottom', tick / stack.top));
  const times = ticks.map(time => place(el('span', {}, tickText(time, spacing)), 'left', (time - start) / whole));
  const plot = el('div', { class: 'plot' },
    drawing(stack.svg),
    el('div', { class: 'shade before' }), el('div', { class: 'shade after' }),
    handle('from'), handle('to'),
    el('div', { class: 'tip', hidden: true }));
  brush(plot);
  return el('div', { class: 'chart' },
    el('div', { class: 'counts', 'aria-hidden': 'true' }, rows), plot,
    el('div', { class: 'times', 'aria-hidden': 'true' }, times));
};

const legendItem = (band, index) => {
  const title = [el('i', { class: 'swatch ' + band.class }), bandTitle(band), el('span', { class: 'sum dim' })];
  if (band.key === '') return el('li', { 'data-band': index }, el('span', {}, title));
  if (state.stack === 'code') return el('li', { 'data-band': index }, el('a', { href: '#code=' + encodeURIComponent(model.rows[band.key].key) }, title));
  const name = band.key === 'none' ? '-' : band.key;
  const toggle = () => { state.category = state.category === name ? '' : name; renderTable(); fadeBands(); };
  return el('li', { 'data-band': index }, el('button', { type: 'button', 'aria-pressed': String(state.category === name), onclick: toggle }, title));
};

// Fades what the filter by category leaves out.
const fadeBands = () => {
  if (!model.chart || state.stack !== 'category') return;
  const kept = state.category === '-' ? 'none' : state.category;
  for (const shape of bodyOf('over_time').querySelectorAll('polygon')) {
    shape.classList.toggle('faded', Boolean(kept) && !shape.classList.contains('k-' + kept));
  }
  for (const item of bodyOf('over_time').querySelectorAll('.legend [data-band]')) {
    const { key } = model.chart.category.bands[item.dataset.band];
    item.querySelector('button')?.setAttribute('aria-pressed', String(key === kept));
  }
};

const stackSwitch = () => el('div', { class: 'switch', role: 'group', 'aria-label': t('stack_by') },
  [['category', t('by_category')], ['code', t('by_code')]].map(([name, title]) => el('button', {
    type: 'button', 'aria-pressed': String(state.stack === name),
    onclick: () => { state.stack = name; keepingFocus(renderChart); },
  }, title)));

const renderChart = () => {
  const { chart, rows, data } = model;
  const body = bodyOf('over_time');
  // A bare result has no drawing, which is not to say that it has no times.
  $('over_time').hidden = !rows.length || (!chart && data.chart === undefined && data.bucket_seconds);
  if (!chart) {
    state.span = null;
    const command = el('code', {}, 'errsift scan --bucket 5m');
    body.replaceChildren(el('p', { class: 'dim' }, ...(data.bucket_seconds ? [t('no_chart')] : [t('no_buckets'), ' ', command])));
    return;
  }
  const stack = chart[state.stack];
  body.replaceChildren(
    el('div', { class: 'row' }, el('div', { class: 'dim about', role: 'status' }), stackSwitch()),
    plotOf(stack),
    el('ul', { class: 'legend' }, stack.bands.map(legendItem)));
  placeSpan();
  fadeBands();
};
