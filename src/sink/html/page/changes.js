// What has changed since a baseline, where the result was compared with one.

const CHANGES = { new: 'n_new', grown: 'n_grown', shrunk: 'n_shrunk', gone: 'n_gone' };

const changedCodes = kind => model.data.baseline.changes.filter(row => row.change === kind).length;

const decimal = n => {
  if (n === null) return '';
  if (n === 0) return '0';
  if (n < 0.01) return '<0.01';
  return n < 99.95 ? n.toFixed(n < 9.995 ? 2 : 1) : num(Math.round(n));
};

const factorText = row => row.factor === null ? '' : `×${decimal(row.factor)}`;

// The word for what has become of a code, and by which factor; null where it has not changed.
const changeBadge = row => {
  const change = model.changeOf.get(changeKey(row));
  return change ? el('span', { class: 'badge ' + change.change }, t(change.change), change.factor === null ? '' : ' ' + factorText(change)) : null;
};

const changedFigure = () => {
  const others = ['grown', 'shrunk', 'gone'].map(kind => counted(CHANGES[kind], changedCodes(kind)));
  return figure(t('since_baseline'), counted(CHANGES.new, changedCodes('new')), others.join(t('comma')));
};

const aboutBaseline = () => {
  const { time, totals } = model.data.baseline;
  const [first, last] = [seconds(time.first), seconds(time.last)];
  const at = time => `${day(time)} ${minute(time)}`;
  const values = { matches: counted('n_matches', totals.matches), lines: counted('n_lines', totals.lines) };
  const about = first === null || last === null ? t('baseline_untimed', values)
    : t('baseline_about', { ...values, first: at(first), last: `${at(last)} ${zone(last)}` });
  return el('p', { class: 'dim' }, about);
};

const changedCode = row => {
  const shown = model.rowOf.get(changeKey(row));
  const owner = row.known ? providerOf(row) : t('unknown_code');
  return [shown && row.known ? codeLink(shown) : el('code', {}, safe(row.code)), el('small', {}, safe(owner))];
};

const renderChanges = () => {
  const { baseline } = model.data;
  $('changes').hidden = !baseline;
  if (!baseline) return;
  const rate = { hour: t('per_hour'), million_lines: t('per_million_lines') }[baseline.rate_per];
  const heads = [['change', t('change')], ['code-cell', t('code')], ['category', t('category')], ['count', t('count')], ['n', t('before')],
    ...(rate ? [['n', rate], ['n', t('rate_before')], ['n factor', t('factor')]] : [])];
  const rows = baseline.changes.slice(0, state.changeRows).map(row => [
    el('span', { class: 'badge ' + row.change }, t(row.change)),
    changedCode(row),
    row.known ? [el('i', { class: `swatch k-${row.category ?? 'none'}` }), category(row.category)] : dash(),
    el('b', {}, num(row.count)),
    num(row.baseline_count),
    ...(rate ? [decimal(row.rate), decimal(row.baseline_rate), factorText(row)] : []),
  ]);
  bodyOf('changes').replaceChildren(
    aboutBaseline(),
    ...(rows.length ? [plainTable(heads, rows, 'changes'), el('p', { class: 'dim' }, t('changes_about'))] : [el('p', {}, t('no_changes'))]),
    ...moreButton(baseline.changes.length, rows.length, () => { state.changeRows += 200; keepingFocus(renderChanges); }));
};
