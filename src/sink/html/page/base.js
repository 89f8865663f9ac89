// Elements, words and numbers. Text from outside becomes text nodes, never markup.

const $ = id => document.getElementById(id);
const bodyOf = id => $(id).querySelector('.body');
const WORDS = JSON.parse($('words').textContent);

// A browser may refuse to keep anything for a file.
const kept = {
  get(key) {
    try { return localStorage.getItem('errsift.' + key); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem('errsift.' + key, value); } catch { /* then not */ }
  },
};

const state = {
  lang: WORDS[kept.get('lang')] ? kept.get('lang') : document.documentElement.lang,
  theme: kept.get('theme') ?? 'auto',
  zone: kept.get('zone') ?? 'utc',
  stack: 'category',
  sort: 'count',
  descending: true,
  search: '',
  provider: '',
  category: '',
  status: '',
  span: null, // [from, to) in seconds since the epoch
  rows: 100,
  allCategories: false,
  changeRows: 50,
  unknownRows: 50,
  inputRows: 50,
  open: null, // the key of the code that is looked at
};

const t = (key, values = {}) => {
  let text = WORDS[state.lang][key] ?? key;
  if (text.includes('|')) {
    const [one, many] = text.split('|');
    text = values.n === '1' ? one : many;
  }
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
};

const category = name => name ? t('k_' + name).replaceAll('_', ' ') : t('none');
const titled = text => text[0].toUpperCase() + text.slice(1);

const el = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(9).filter(child => child !== null && child !== undefined));
  return element;
};

const svg = (tag, attributes = {}, ...children) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

// What reorders text, ends lines or shows nothing, as in the reports for terminals.
const HIDDEN =
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u;

const written = c => {
  const short = { '\n': '\\n', '\r': '\\r' }[c];
  if (short) return short;
  const number = c.codePointAt(0).toString(16);
  return c < '\u00a0' ? '\\x' + number.padStart(2, '0') : `\\u{${number}}`;
};

// Text from outside as nodes, with each such character written out.
const safe = text => {
  const nodes = [];
  let plain = '';
  for (const c of String(text)) {
    if (!HIDDEN.test(c)) { plain += c; continue; }
    nodes.push(plain, el('span', { class: 'hidden-char' }, written(c)));
    plain = '';
  }
  return [...nodes, plain].filter(node => node !== '');
};

// The same as a string, for attributes and options.
const safeText = text => safe(text).map(node => node.textContent ?? node).join('');

const numbers = new Intl.NumberFormat('en-US');
const num = n => numbers.format(n);
const counted = (key, n) => t(key, { n: num(n) });

const percent = (part, whole) => {
  const share = whole ? part * 100 / whole : 0;
  return share > 0 && share < 1 ? '< 1\u00a0%' : `${Math.round(share)}\u00a0%`;
};

const bytes = n => {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
  let unit = 0;
  while (n >= 1023.95 && unit + 1 < units.length) { n /= 1024; unit += 1; }
  return `${unit ? n.toFixed(1) : n} ${units[unit]}`;
};

const width = seconds => {
  for (const [unit, size] of [['days', 86400], ['hours', 3600], ['minutes', 60]]) {
    if (seconds % size === 0) return t(unit, { n: num(seconds / size) });
  }
  return t('seconds', { n: num(seconds) });
};

const duration = seconds => {
  for (const [unit, size] of [['days', 86400], ['hours', 3600], ['minutes', 60]]) {
    if (seconds >= 2 * size) return t(unit, { n: num(Math.round(seconds / size)) });
  }
  return t('seconds', { n: num(Math.round(seconds)) });
};

// Times are seconds since the epoch; a saved result may hold any text for them.
const seconds = text => {
  const time = text ? Date.parse(text) / 1000 : NaN;
  return Number.isFinite(time) ? time : null;
};
const iso = time => {
  const date = new Date(time * 1000);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
};
// How far the reader's clock is ahead of UTC at that time, where that clock is wanted.
const ahead = time => state.zone === 'utc' ? 0 : -60 * (new Date(time * 1000).getTimezoneOffset() || 0);
const zone = time => {
  const minutes = ahead(time) / 60;
  if (!minutes) return 'UTC';
  const rest = Math.abs(minutes) % 60;
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(Math.abs(minutes) / 60)}${rest ? ':' + rest : ''}`;
};
const shifted = time => iso(time + ahead(time));
const day = time => shifted(time).slice(0, 10);
const minute = time => shifted(time).slice(11, 16);
const second = time => shifted(time).slice(11, 19);
const full = time => time === null ? '–' : `${day(time)} ${second(time)} ${zone(time)}`;

// The day is left out where all that is shown is of one day, seconds where minutes tell enough.
const moment = time => {
  if (time === null) return '–';
  const { first, last } = model;
  const isOneDay = first !== null && day(first) === day(last) && day(time) === day(first);
  const clock = last - first < 600 ? second(time) : minute(time);
  return isOneDay ? clock : `${day(time).slice(5)} ${clock}`;
};

const focusIn = (section, selector) => $(section).querySelector(selector)?.focus();

// Renders, and gives the focus to what stands where the focused element stood, or is the same link.
const keepingFocus = render => {
  const active = document.activeElement;
  const home = active?.closest('section[id], dialog, header .switch');
  const all = () => [...home.querySelectorAll('a, button, input, select, summary, [tabindex]')];
  const place = home ? all().indexOf(active) : -1;
  render();
  if (place < 0 || active.isConnected) return;
  const link = active.getAttribute('href');
  const same = link && all().find(element => element.getAttribute('href') === link);
  (same || all()[place])?.focus({ preventScroll: true });
};
