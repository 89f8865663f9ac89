// A code's own view.

const marked = (text, code) => {
  const parts = text.split(code);
  return parts.flatMap((part, index) => index ? [el('mark', {}, safe(code)), ...safe(part)] : safe(part));
};

const sampleItem = (sample, code) => el('li', {},
  el('p', { class: 'place' }, el('code', {}, safe(sample.path), `:${num(sample.line).replaceAll(',', '')}`),
    sample.cut ? el('small', { class: 'dim' }, ` (${t('cut')})`) : null),
  el('pre', { dir: 'ltr', tabindex: '0' }, marked(sample.text, code)));

const ownerNote = row => {
  if (row.provider) return null;
  const names = row.candidates.join(', ');
  const key = ['owner_foreign', 'owner_untold'][row.candidates.length] ?? 'owner_several';
  return el('p', { class: 'alert' }, safe(t(key, { names })));
};

const fact = (label, ...value) => el('div', {}, el('dt', {}, label), el('dd', {}, ...value));

const ownChart = row => {
  const values = row.times.length ? series([row], 120) : null;
  if (!values) return null;
  const { start, step, columns } = model.chart;
  return el('div', { class: 'own-chart' },
    spark(values, 40, t('chart_label')),
    el('p', { class: 'row dim' }, el('span', {}, moment(start)),
      el('span', {}, t('at_most', { n: num(Math.max(...values)), width: width(Math.round(step * columns / values.length)) })),
      el('span', {}, moment(start + step * columns))));
};

const changeFact = row => {
  const change = model.changeOf.get(changeKey(row));
  return change ? fact(t('since_baseline'), changeBadge(row), ' ', t('was', { n: num(change.baseline_count) })) : null;
};

const facts = row => el('dl', { class: 'facts' },
  fact(t('category'), el('i', { class: `swatch k-${row.category ?? 'none'}` }), category(row.category)),
  fact(t('retryable'), row.retryable === null ? t('not_known') : t(row.retryable ? 'yes' : 'no')),
  fact(t('documented'), statusText(row.http_status)),
  fact(t('observed'), Object.keys(row.observed_status).length ? observedCell(row) : dash()),
  fact(t('provider'), safe(row.shownProvider)),
  fact(t('product'), row.product ? safe(row.product) : dash()),
  changeFact(row),
  fact(t('first_seen'), full(row.first)),
  fact(t('last_seen'), full(row.last)));

const part = (title, ...children) => el('section', {}, el('h3', {}, title), ...children);

const filesPart = row => {
  const files = Object.entries(row.files ?? {}).sort((a, b) => b[1] - a[1]);
  if (!files.length) return part(t('files'), el('p', { class: 'dim' }, t('no_files')));
  return part(t('files'), el('ul', { class: 'files' },
    files.map(([path, count]) => el('li', {}, el('b', {}, num(count)), ' ', el('code', {}, safe(path))))),
    row.filesLeftOut ? el('p', { class: 'dim' }, t('files_rest', { n: num(row.filesLeftOut) })) : null);
};

const viewOf = row => {
  const text = kind => row[kind]?.[state.lang];
  const ids = [...new Set(row.samples.map(sample => sample.request_id).filter(Boolean))];
  return [
    el('header', {},
      el('h2', { id: 'view-title' }, safe(row.code)),
      el('button', { type: 'button', autofocus: true, onclick: closeView }, t('close'))),
    el('p', {}, el('b', {}, counted('n_matches', row.count)), t('comma'), el('span', { class: 'dim' },
      [row.unconfirmed ? t('n_unconfirmed', { n: num(row.unconfirmed) }) : null,
        counted('n_lines', row.lines),
        state.span ? t('span_count', { n: num(row.inSpan) }) : null].filter(Boolean).join(t('comma')))),
    ownerNote(row),
    text('meaning') ? part(t('meaning'), el('p', {}, safe(text('meaning')))) : null,
    part(t('remediation'), el('p', { class: text('remediation') ? 'todo' : 'dim' }, safe(text('remediation') ?? t('no_advice')))),
    row.message ? part(t('message'), el('p', {}, el('q', { dir: 'ltr' }, safe(row.message)))) : null,
    ownChart(row),
    facts(row),
    part(t('samples'),
      row.samples.length ? el('ul', { class: 'samples' }, row.samples.map(sample => sampleItem(sample, row.code)))
        : el('p', { class: 'dim' }, t('no_samples')),
      row.samples.length && row.samples.length < row.count && model.data.sample_limit < 5
        ? el('p', { class: 'dim' }, t('more_samples')) : null),
    ids.length ? part(t('request_ids'), el('ul', { class: 'ids' }, ids.map(id => el('li', {}, el('code', {}, safe(id)))))) : null,
    filesPart(row),
  ];
};

const renderView = () => {
  const view = $('view');
  const row = model.byKey.get(state.open);
  if (!row) {
    if (view.open) view.close();
    return;
  }
  view.replaceChildren(...viewOf(row).filter(Boolean));
  if (!view.open) view.showModal();
};

const openFromAddress = () => {
  const [, key] = /^#code=(.*)$/.exec(location.hash) ?? [];
  try { state.open = key === undefined ? null : decodeURIComponent(key); } catch { state.open = null; }
  renderView();
};

const closeView = () => $('view').close();

// Leaves the address without the code, so that the same link opens it again.
const forgetView = () => {
  const closed = state.open;
  state.open = null;
  if (location.hash.startsWith('#code=')) history.replaceState(null, '', location.pathname + location.search);
  const href = '#code=' + encodeURIComponent(closed ?? '');
  const links = [...document.querySelectorAll('a.code')].filter(link => link.getAttribute('href') === href);
  (links.find(link => link.closest('#codes')) ?? links[0])?.focus({ preventScroll: true });
};
