// The table of codes: search, filters, order.

const COLUMNS = [
  { key: 'count', of: row => row.inSpan, falls: true },
  { key: 'code', of: row => row.code },
  { key: 'category', of: row => row.category ? category(row.category) : '\uffff' },
  { key: 'provider', of: row => row.shownProvider },
  { key: 'documented', of: row => row.http_status ?? 1000 },
  { key: 'observed', of: row => mostSeen(row.observed_status) ?? 1000 },
  { key: 'trend' },
  { key: 'last_seen', of: row => row.last ?? -Infinity, falls: true },
];

const wanted = row => {
  if (state.span && !row.inSpan) return false;
  if (state.provider === '-' ? row.provider || row.candidates.length
    : state.provider && row.provider !== state.provider && !row.candidates.includes(state.provider)) return false;
  if (state.category && (row.category ?? '-') !== state.category) return false;
  if (state.status) {
    const status = row.status === null ? '-' : String(row.status);
    if (state.status.endsWith('xx') ? status[0] !== state.status[0] || status === '-' : status !== state.status) return false;
  }
  const words = state.search.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every(word => haystackOf(row).includes(word));
};

const ordered = rows => {
  const { of } = COLUMNS.find(column => column.key === state.sort);
  const sign = state.descending ? -1 : 1;
  const values = new Map(rows.map(row => [row, of(row)]));
  return rows.sort((a, b) => {
    const [x, y] = [values.get(a), values.get(b)];
    return (x < y ? -sign : x > y ? sign : 0) || b.inSpan - a.inSpan || a.index - b.index;
  });
};

const observedCell = row => {
  const pairs = Object.entries(row.observed_status).sort((a, b) => b[1] - a[1]);
  const shown = pairs.slice(0, 3).map(([status, count]) => {
    const differs = row.http_status !== null && Number(status) !== row.http_status;
    return el('span', { class: differs ? 'observed differs' : 'observed', title: differs ? t('differs') : null },
      differs ? el('span', { 'aria-hidden': 'true' }, '≠ ') : null, status, el('small', {}, ` ×${num(count)}`),
      differs ? el('span', { class: 'only-read' }, ` ${t('differs')}`) : null);
  });
  return pairs.length > 3 ? [...shown, el('small', { class: 'dim' }, t('more_codes', { n: num(pairs.length - 3) }))] : shown;
};

const dash = () => el('span', { class: 'dim' }, '–');

const statusClass = status => status >= 500 ? 'status server' : status >= 400 ? 'status client' : 'status';

const statusText = status => status === null ? dash() : el('span', { class: statusClass(status) }, status);

const tableRow = row => {
  const meaning = row.meaning?.[state.lang];
  const cell = (name, ...children) => el('td', { class: name, 'data-label': t(name === 'count' ? 'count' : name) }, ...children);
  return el('tr', {},
    cell('count', el('b', {}, num(row.inSpan)),
      row.unconfirmed && !state.span && !model.data.strict ? el('small', {}, t('n_unconfirmed', { n: num(row.unconfirmed) })) : null),
    el('th', { scope: 'row', class: 'code-cell' }, codeLink(row), changeBadge(row), meaning ? el('p', {}, safe(meaning)) : null),
    cell('category', el('i', { class: `swatch k-${row.category ?? 'none'}` }), category(row.category)),
    cell('provider', safe(row.shownProvider), row.product ? el('small', {}, safe(row.product)) : null),
    cell('documented', statusText(row.http_status)),
    cell('observed', Object.keys(row.observed_status).length ? observedCell(row) : dash()),
    cell('trend', row.times.length ? spark(series([row], 48), 20, null) : dash()),
    cell('last_seen', moment(row.last)));
};

const headCell = ({ key, of, falls }) => {
  const title = key === 'count' && state.span ? t('count_span') : t(key);
  if (!of) return el('th', { scope: 'col', class: key }, title);
  const isSorted = state.sort === key;
  const sort = () => {
    state.descending = isSorted ? !state.descending : Boolean(falls);
    state.sort = key;
    keepingFocus(renderTable);
  };
  return el('th', {
    scope: 'col', class: key, 'data-key': key,
    'aria-sort': isSorted ? (state.descending ? 'descending' : 'ascending') : null,
  }, el('button', { type: 'button', onclick: sort }, title,
    el('span', { class: 'arrow', 'aria-hidden': 'true' }, isSorted ? (state.descending ? ' ↓' : ' ↑') : '')));
};

const chooser = (name, options, chosen, onchoose) => el('label', { class: name },
  el('span', {}, t(name)),
  el('select', { name, onchange: event => onchoose(event.target.value) },
    options.map(([value, text]) => el('option', { value, selected: value === chosen }, text))));

const providerOptions = () => {
  const names = new Set(model.rows.flatMap(row => row.provider ? [row.provider] : row.candidates));
  const untold = model.rows.some(row => !row.provider && !row.candidates.length);
  return [['', t('any')], ...[...names].sort().map(name => [name, safeText(name)]), ...(untold ? [['-', t('no_provider')]] : [])];
};

const categoryOptions = () => {
  const names = new Set(model.rows.map(row => row.category ?? '-'));
  return [['', t('any')], ...[...names].sort().map(name => [name, category(name === '-' ? null : name)])];
};

const statusOptions = () => {
  const known = [...new Set(model.rows.map(row => row.status))].filter(status => status !== null).sort((a, b) => a - b);
  const classes = [...new Set(known.map(status => `${String(status)[0]}xx`))];
  const none = model.rows.some(row => row.status === null);
  return [['', t('any')], ...classes.map(name => [name, name]), ...known.map(status => [String(status), String(status)]),
    ...(none ? [['-', t('no_status')]] : [])];
};

// The filters are made once a language and result, so that typing keeps its place.
const renderFilters = () => {
  const choose = name => value => { state[name] = value; state.rows = 100; renderTable(); fadeBands(); };
  const search = el('input', {
    type: 'search', name: 'search', value: state.search, placeholder: t('search_hint'), autocomplete: 'off', spellcheck: 'false',
    oninput: event => choose('search')(event.target.value),
  });
  const sort = value => {
    state.sort = value;
    state.descending = Boolean(COLUMNS.find(column => column.key === value).falls);
    renderTable();
  };
  const reset = () => {
    Object.assign(state, { search: '', provider: '', category: '', status: '', rows: 100 });
    if (state.span) select(null);
    renderFilters();
    renderTable();
    fadeBands();
    focusIn('codes', 'input');
  };
  bodyOf('codes').replaceChildren(
    el('div', { class: 'filters' },
      el('label', { class: 'search' }, el('span', {}, t('search')), search),
      chooser('provider', providerOptions(), state.provider, choose('provider')),
      chooser('category', categoryOptions(), state.category, choose('category')),
      chooser('status', statusOptions(), state.status, choose('status')),
      chooser('sort', COLUMNS.filter(column => column.of).map(column => [column.key, t(column.key)]), state.sort, sort),
      el('button', { type: 'button', onclick: reset }, t('reset'))),
    el('div', { class: 'span' }),
    el('p', { class: 'shown dim', role: 'status' }),
    el('div', { class: 'list' }),
    el('p', { class: 'dim keys' }, t('keys')));
};

const renderTable = () => {
  $('codes').hidden = !model.rows.length;
  const body = bodyOf('codes');
  const rows = ordered(model.rows.filter(wanted));
  const shown = rows.slice(0, state.rows);
  const more = count => () => { state.rows += count; keepingFocus(renderTable); };
  body.querySelector('.span').replaceChildren(...spanNote());
  body.querySelector('select[name=category]').value = state.category;
  body.querySelector('select[name=sort]').value = state.sort;
  body.querySelector('.shown').textContent = rows.length
    ? t('shown', { n: num(rows.length), all: num(model.rows.length) }) : t('none_shown');
  body.querySelector('.list').replaceChildren(...(rows.length ? [
    el('table', { class: 'codes' },
      el('thead', {}, el('tr', {}, COLUMNS.map(headCell))),
      el('tbody', {}, shown.map(tableRow))),
    ...(shown.length < rows.length ? [el('p', { class: 'row start' },
      el('button', { type: 'button', class: 'more', onclick: more(100) }, t('show_more', { n: num(Math.min(100, rows.length - shown.length)) })),
      el('button', { type: 'button', class: 'more', onclick: more(Infinity) }, t('show_all', { n: num(rows.length) })))] : []),
  ] : []));
};
