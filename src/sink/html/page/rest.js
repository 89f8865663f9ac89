// Unknown codes, HTTP statuses, inputs, notes.

const plainTable = (heads, rows, name) => el('table', { class: name },
  el('thead', {}, el('tr', {}, heads.map(([key, title]) => el('th', { scope: 'col', class: key }, title)))),
  el('tbody', {}, rows.map(cells => el('tr', {}, cells.map((cell, index) =>
    el('td', { class: heads[index][0], 'data-label': heads[index][1] }, cell))))));

const moreButton = (all, shown, show) => shown < all
  ? [el('button', { type: 'button', class: 'more', onclick: show }, t('show_more', { n: num(Math.min(200, all - shown)) }))] : [];

const nearCell = near => {
  const known = near.map(code => model.rows.find(row => row.code === code) ?? code);
  const shown = known.map(row => typeof row === 'string' ? el('code', {}, safe(row)) : codeLink(row));
  return shown.length ? el('ul', { class: 'named' }, shown.map(node => el('li', {}, node))) : dash();
};

const renderUnknown = () => {
  const { unknown } = model.data;
  $('unknown').hidden = !unknown.length;
  const open = new Set([...bodyOf('unknown').querySelectorAll('details[open]')].map(details => details.dataset.code));
  const rows = unknown.slice(0, state.unknownRows).map(row => [
    el('b', {}, num(row.count)),
    [el('code', {}, safe(row.code)), changeBadge(row)],
    nearCell(row.near),
    row.samples.length ? el('details', { 'data-code': row.code, open: open.has(row.code) }, el('summary', {}, safe(`${row.samples[0].path}:${row.samples[0].line}`)),
      el('pre', { dir: 'ltr', tabindex: '0' }, marked(row.samples[0].text, row.code))) : dash(),
  ]);
  const [before, after] = t('unknown_about', { option: '\n' }).split('\n');
  bodyOf('unknown').replaceChildren(
    el('p', { class: 'dim' }, before, el('code', { class: 'nowrap' }, '--catalog FILE'), after),
    plainTable([['count', t('count')], ['code-cell', t('code')], ['near', t('near')], ['sample', t('sample')]], rows, 'unknown'),
    ...moreButton(unknown.length, rows.length, () => { state.unknownRows += 200; keepingFocus(renderUnknown); }));
};

const renderHttp = () => {
  const { http } = model.data;
  $('http').hidden = !http.length;
  bodyOf('http').replaceChildren(el('ul', { class: 'statuses' }, http.map(row =>
    el('li', {}, el('b', { class: statusClass(row.status) }, row.status), ' ', num(row.count)))));
};

// The result's own sentences are English; those that it has Chinese for are shown in it.
const told = (tag, text) => {
  const { sentences_zh: zh } = model.data;
  return state.lang === 'zh' && Object.hasOwn(zh, text) ? el(tag, {}, safe(zh[text])) : el(tag, { lang: 'en' }, safe(text));
};

const RANK = { failed: 0, partial: 1, duplicate: 2, complete: 3 };

const renderInputs = () => {
  const inputs = [...model.data.inputs].sort((a, b) => RANK[a.state] - RANK[b.state] || b.matches - a.matches);
  const hasReasons = inputs.some(input => input.error);
  const heads = [['state', t('state')], ['path', t('path')], ['count', t('matches')], ['n', t('n_lines_head')], ['n', t('bytes')],
    ...(hasReasons ? [['reason', t('reason')]] : [])];
  const rows = inputs.slice(0, state.inputRows).map(input => [
    el('span', { class: 'state ' + input.state }, t(input.state)),
    input.folded ? t('folded', { n: num(input.folded) }) : el('code', {}, safe(input.path)),
    num(input.matches), num(input.lines), bytes(input.bytes),
    ...(hasReasons ? [input.error ? told('span', input.error) : ''] : []),
  ]);
  bodyOf('inputs').replaceChildren(
    plainTable(heads, rows, 'inputs'),
    ...moreButton(inputs.length, rows.length, () => { state.inputRows += 200; keepingFocus(renderInputs); }));
};

const renderNotes = () => {
  const { notes = [], totals, baseline } = model.data;
  const all = [...notes, ...(baseline?.notes ?? [])].map(note => told('li', note));
  if (totals.without_time) all.push(el('li', {}, t('without_time', { occurrences: counted('n_occurrences', totals.without_time) })));
  $('notes').hidden = !all.length;
  bodyOf('notes').replaceChildren(el('ul', {}, all));
  const { tool, catalog } = model.data;
  $('made').replaceChildren(...safe(t('made', {
    tool: tool.name, version: tool.version, catalog: catalog.sha256.slice(0, 12), codes: counted('n_codes', catalog.codes),
  })));
};
