// The headline numbers, and what to do first.

const retryWord = group => {
  if (!group.told) return ['unknown', t('retry_unknown')];
  if (group.helps === group.told) return ['yes', t('retry_yes')];
  if (!group.helps) return ['no', t('retry_no')];
  return ['some', t('retry_some', { share: percent(group.helps, group.told) })];
};

const codeLink = row => el('a', { class: 'code', href: '#code=' + encodeURIComponent(row.key) }, safe(row.code));

// The same code of several providers is told apart where no column does that.
const fullLink = row => model.isShared.has(row.code)
  ? [codeLink(row), el('small', {}, ' ', safe(row.shownProvider))] : [codeLink(row)];

const figure = (label, value, note) =>
  el('div', { class: 'figure' }, el('dt', {}, label), el('dd', {}, el('b', {}, value), note ? el('small', {}, note) : null));

// When the most came of something that came in a burst; null where it came evenly or is rare.
const peakOf = ({ rows, first }) => {
  const values = model.chart && series(rows, model.chart.columns);
  if (!values) return null;
  const most = Math.max(...values);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (most < 5 || most < 3 * mean) return null;
  return Math.max(timeOf(values.indexOf(most)), first ?? -Infinity);
};

const leadSentence = () => {
  const { totals, inputs } = model.data;
  const [leader] = groupsByCategory();
  if (!leader) {
    return t('nothing', { lines: counted('n_lines', totals.lines), inputs: counted('n_inputs', inputs.length) });
  }
  const values = {
    category: titled(category(leader.name)),
    share: percent(leader.count, totals.matches),
    matches: counted('n_matches', totals.matches),
    lines: counted('n_lines', totals.matched_lines),
    first: leader.first === null ? '' : `${day(leader.first)} ${minute(leader.first)} ${zone(leader.first)}`,
  };
  const lead = t(leader.first === null ? 'lead_untimed' : 'lead', values);
  const peak = peakOf(leader);
  return t('sentence', { text: peak === null ? lead : t('with_peak', { text: lead, time: moment(peak) }) });
};

const timeTitle = () => t('time', { zone: model.last === null ? 'UTC' : zone(model.last) });

const figures = () => {
  const { totals, strict } = model.data;
  const { first, last } = model;
  const list = el('dl', { class: 'figures' },
    figure(t('matches'), num(totals.matches)),
    figure(t('codes'), num(model.rows.length)),
    figure(t('lines'), num(totals.matched_lines), t('of_lines', { n: num(totals.lines) })),
    figure(t('unconfirmed'), num(totals.unconfirmed),
      totals.unconfirmed ? t(strict ? 'unconfirmed_out' : 'unconfirmed_in') : null),
    figure(t('unknown'), num(model.data.unknown.length), totals.unknown ? counted('n_times', totals.unknown) : null),
    figure(t('inputs'), num(model.folded), model.broken.length ? t('n_broken', { n: num(model.broken.length) }) : bytes(totals.bytes)),
    first === null
      ? figure(timeTitle(), '–', t('no_times'))
      : figure(timeTitle(), duration(last - first), `${day(first)} ${minute(first)} – ${day(last) === day(first) ? '' : day(last) + ' '}${minute(last)}`),
    model.data.baseline ? changedFigure() : null);
  return list;
};

const renderSummary = () => {
  const span = state.span;
  state.span = null;
  countSpan();
  const lead = leadSentence();
  state.span = span;
  countSpan();
  const broken = model.broken.length;
  bodyOf('summary').replaceChildren(
    el('p', { class: 'lead' }, lead),
    ...(broken ? [el('p', { class: 'alert' }, counted('broken', broken), ' ', el('a', { href: '#inputs' }, t('see_inputs')))] : []),
    figures());
  document.title = `errsift: ${counted('n_matches', model.data.totals.matches)}`;
};

const timesOf = row => el('span', { class: 'dim' }, ` ×${num(row.inSpan)} `);

// The advice for the codes that count, and the other codes of the category by name.
const advice = group => {
  const seen = new Set();
  const told = [];
  const others = [];
  for (const row of group.rows) {
    const text = row.remediation?.[state.lang];
    const isNew = text && !seen.has(text) && told.length < 3 && (!told.length || row.inSpan * 5 >= group.count);
    if (!isNew) { others.push(row); continue; }
    seen.add(text);
    told.push(el('p', {}, fullLink(row), timesOf(row), safe(text)));
  }
  const filter = () => {
    state.category = group.name || '-';
    renderTable();
    fadeBands();
    bodyOf('codes').scrollIntoView({ block: 'start' });
  };
  const more = others.length - 3;
  return [
    ...(told.length ? told : [el('p', { class: 'dim' }, t('no_remediation'))]),
    others.length ? el('ul', { class: 'named' },
      others.slice(0, 3).map(row => el('li', {}, fullLink(row), timesOf(row))),
      more > 0 ? el('li', {}, el('button', { type: 'button', class: 'plain', onclick: filter }, t('more_codes', { n: num(more) }))) : null) : null,
  ];
};

// From when to when, or just when.
const spanOf = group => {
  const [first, last] = [moment(group.first), moment(group.last)];
  return first === last ? first : t('since_until', { first, last });
};

const action = (group, all) => {
  const [kind, retry] = retryWord(group);
  const peak = peakOf(group);
  return el('li', { class: 'action' },
    el('div', { class: 'weight' },
      el('b', {}, num(group.count)),
      el('span', { class: 'dim' }, percent(group.count, all)),
      el('meter', { 'aria-label': percent(group.count, all), min: 0, max: all, value: group.count })),
    el('div', { class: 'what' },
      el('h3', {}, el('span', { class: `swatch k-${group.name || 'none'}` }), titled(category(group.name))),
      el('p', {}, el('span', { class: `retry ${kind}` }, retry)),
      group.first === null ? null
        : el('p', { class: 'dim' }, spanOf(group)),
      peak === null ? null : el('p', { class: 'dim' }, t('peak', { time: moment(peak) })),
      spark(series(group.rows, 60), 24, null)),
    el('div', { class: 'advice' }, advice(group)));
};

const renderFirst = () => {
  const groups = groupsByCategory();
  const all = groups.reduce((sum, group) => sum + group.count, 0);
  $('first').hidden = !model.rows.length;
  const shown = state.allCategories ? groups : groups.slice(0, 5);
  const showAll = () => { state.allCategories = true; keepingFocus(renderFirst); };
  bodyOf('first').replaceChildren(
    ...spanNote(),
    el('ol', { class: 'actions', 'aria-label': t('first_about') }, shown.map(group => action(group, all))),
    ...(shown.length < groups.length
      ? [el('button', { type: 'button', class: 'more', onclick: showAll }, t('all_categories', { n: num(groups.length) }))] : []));
};
