// A file's text is in the page. Its lines, with numbers, colours and origins, are made
// when it is opened.
function paint(file) {
  const pre = $('pre.source', file);
  if (!pre) return;
  const known = data.files[Number(file.dataset.file)];
  const lines = pre.textContent.replace(/\n$/, '').split('\n');
  const code = make('div', { class: known.o ? 'code' : 'code bare', role: 'group', 'aria-label': file.id });
  const origins = new Map((known.o || []).map((o) => [o[0], o]));
  const stretches = known.t || [];
  let at = 0, next = 0, from = 0, to = 0, sort = '';
  const advance = () => {
    if (next >= stretches.length) { from = to = Infinity; return; }
    from = to + stretches[next];
    to = from + stretches[next + 1];
    sort = stretches[next + 2];
    next += 3;
  };
  advance();
  lines.forEach((text, i) => {
    const span = make('span');
    const end = at + text.length;
    let here = at;
    while (from < end) {
      const begin = Math.max(from, here), stop = Math.min(to, end);
      if (begin > here) span.append(text.slice(here - at, begin - at));
      if (stop > begin) span.append(make('span', { class: 't-' + sort }, text.slice(begin - at, stop - at)));
      here = Math.max(here, stop);
      if (to > end) break;
      advance();
    }
    if (here < end) span.append(text.slice(here - at));
    const row = make('div', { class: 'l', 'data-n': String(i + 1) }, span);
    if (origins.has(i + 1)) row.append(originOf(origins.get(i + 1)));
    code.append(row);
    at = end + 1;
  });
  pre.replaceWith(code);
}

const words = { set: 'set by', default: 'default', from: 'from', through: 'by way of' };

// originOf is the button beside a line: in short where the line comes from.
function originOf(o) {
  const names = o.slice(4).map((i) => data.names[i]);
  const first = names[0];
  const short = first && first[1] === 'set' ? first[0] : first && first[1] === 'default' ? 'default of ' + first[0] : o[3] || o[2];
  const button = make('button', { type: 'button', class: first && first[1] === 'set' ? 'o set' : 'o', 'aria-expanded': 'false' }, short);
  button.addEventListener('click', () => {
    const open = button.nextElementSibling;
    button.setAttribute('aria-expanded', String(!open));
    if (open) { open.remove(); return; }
    const list = make('ul');
    for (const [name, how, place, text, reason] of names) {
      const item = make('li', null, make('span', { class: 'tag' }, words[how] || how), ' ', make('code', null, name));
      if (text) item.append(' ', make('span', { class: 'muted' }, 'is '), make('code', null, text));
      if (place) item.append(' ', make('span', { class: 'muted' }, place));
      if (reason) item.append(make('p', { class: 'muted' }, reason));
      list.append(item);
    }
    button.after(make('div', { class: 'why-line' },
      make('p', null, make('strong', null, o[2])),
      make('p', { class: 'muted' }, o[3]), list));
  });
  return button;
}

for (const file of $$('details.file')) {
  file.addEventListener('toggle', () => { if (file.open) paint(file); });
}

// follow opens what a link within the page leads to: PATH, PATH:LINE, host/NAME or an id.
function follow(hash, focus) {
  let target = hash.replace(/^#/, '');
  try { target = decodeURIComponent(target); } catch { /* as it stands */ }
  if (!target) return;
  if (target.startsWith('host/')) { showHost(target.slice(5)); return; }
  let line = 0;
  let element = document.getElementById(target);
  const parts = /^(.*):(\d+)$/.exec(target);
  if (!element && parts) { element = document.getElementById(parts[1]); line = Number(parts[2]); }
  if (!element) return;
  for (let up = element; up; up = up.parentElement) if (up.tagName === 'DETAILS') up.open = true;
  let show = element, focusOn = $('summary', element.tagName === 'DETAILS' ? element : document.createElement('i'));
  if (element.classList.contains('file')) {
    paint(element);
    for (const old of $$('.l.found')) old.classList.remove('found');
    const row = line && $('.l[data-n="' + line + '"]', element);
    if (row) {
      row.classList.add('found');
      row.tabIndex = -1;
      show = focusOn = row;
    }
  }
  show.scrollIntoView({ block: line ? 'center' : 'start' });
  if (focus && focusOn) focusOn.focus({ preventScroll: true });
}
addEventListener('hashchange', () => follow(location.hash, true));
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (link && link.getAttribute('href') === location.hash) follow(location.hash, true);
});
