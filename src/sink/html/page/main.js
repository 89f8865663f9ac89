// Switches, keys, and the live view.

const renderWords = () => {
  document.documentElement.lang = state.lang === 'zh' ? 'zh-CN' : 'en';
  for (const element of document.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll('[data-label]:not(td)')) element.setAttribute('aria-label', t(element.dataset.label));
};

const switchOf = (id, options, chosen, choose) => $(id).replaceChildren(...options.map(([value, title, lang]) =>
  el('button', {
    type: 'button', 'aria-pressed': String(value === chosen), lang,
    onclick: () => { choose(value); kept.set(id === 'language' ? 'lang' : id, value); keepingFocus(renderAll); },
  }, title)));

const renderSwitches = () => {
  switchOf('language', [['en', 'English', 'en'], ['zh', '中文', 'zh-CN']], state.lang, lang => { state.lang = lang; });
  switchOf('theme', [['auto', t('theme_auto')], ['light', t('theme_light')], ['dark', t('theme_dark')]], state.theme, theme => { state.theme = theme; });
  switchOf('zone', [['utc', 'UTC'], ['local', t('local')]], state.zone, name => { state.zone = name; });
  if (state.theme === 'auto') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.dataset.theme = state.theme;
};

// The filters are left alone where somebody is using them.
const renderAll = (keepsFilters = false) => {
  renderWords();
  renderSwitches();
  renderLive();
  countSpan();
  renderSummary();
  renderChart();
  renderFirst();
  renderChanges();
  if (!keepsFilters) renderFilters();
  renderTable();
  renderUnknown();
  renderHttp();
  renderInputs();
  renderNotes();
  renderView();
};

// Shows another result in place of the present one; what the reader has chosen stays.
const show = data => {
  model = modelOf(data);
  keepingFocus(() => renderAll(Boolean(document.activeElement?.closest('.filters'))));
};

// What came while text was being marked, which another rendering would unmark.
let waiting = null;
const isMarking = () => document.getSelection().type === 'Range';

const update = data => {
  if (isMarking()) waiting = data;
  else show(data);
};

document.addEventListener('selectionchange', () => {
  if (!waiting || isMarking()) return;
  const data = waiting;
  waiting = null;
  show(data);
});

const live = { state: null, time: null };

const renderLive = () => {
  if (!live.state) return;
  $('live').className = live.state;
  $('live').textContent = t(live.state, { time: live.time ?? '' });
};

const follow = address => {
  const tell = name => { Object.assign(live, { state: name, time: new Date().toLocaleTimeString('en-GB') }); renderLive(); };
  tell('waiting');
  const source = new EventSource(address);
  source.onopen = () => tell('live');
  source.onmessage = event => { tell('live'); update(JSON.parse(event.data)); };
  source.onerror = () => tell('lost');
};

const isTyping = target => target.closest?.('input, select, textarea');

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || $('view').open) return;
  if (event.key === '/' && !isTyping(event.target)) {
    event.preventDefault();
    focusIn('codes', 'input');
  }
  if (event.key === 'Escape' && event.target.name === 'search' && state.search) {
    state.search = '';
    event.target.value = '';
    renderTable();
  }
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const links = [...$('codes').querySelectorAll('tbody a.code')];
  const at = links.indexOf(event.target);
  const next = links[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if ((at >= 0 || event.target.name === 'search') && next) {
    event.preventDefault();
    next.focus();
  }
});

$('print').addEventListener('click', () => window.print());
$('view').addEventListener('close', forgetView);
// A press beside the view closes it.
$('view').addEventListener('click', event => { if (event.target === $('view')) closeView(); });
window.addEventListener('hashchange', openFromAddress);

show(JSON.parse($('data').textContent));
openFromAddress();
if (document.body.dataset.live) follow(document.body.dataset.live);
window.errsift = Object.freeze({ update });
