// Search looks through everything: effects, changes, steps, hosts and their values, lines of
// files, modules. What is looked through is gathered when the first letter is typed.
const field = $('#search'), results = $('#results');
const most = 12; // results of a sort that are shown
let index;

function gather() {
  const list = [];
  const add = (sort, link, at, text) => list.push({ sort, link, at, text, low: (at + '\n' + text).toLowerCase() });
  $$('.effects-table tbody tr').forEach((row, i) => {
    row.id = row.id || 'effect-' + i;
    add('Effects', row.id, row.cells[1].textContent.trim(), [0, 2, 3].map((n) => row.cells[n].textContent.trim().replace(/\s+/g, ' ')).filter(Boolean).join(' · '));
  });
  for (const change of $$('details.change')) add('Changes', change.id, $('summary', change).textContent.trim().replace(/\s+/g, ' '), change.textContent.slice($('summary', change).textContent.length).trim());
  for (const step of $$('tr.step')) add('Steps', step.id, $('.name', step).textContent, $('.summary', step).textContent);
  for (const host of hosts) add('Hosts', 'host/' + host.name, host.name, host.address + ' ' + host.state);
  for (const host of hosts) for (const [name, value] of ownOf(host)) add('Values of hosts', 'host/' + host.name, host.name + ' ' + name, value);
  for (const value of $$('details.value')) add('What differs', value.id, $('summary code', value).textContent, value.textContent.trim());
  for (const row of $$('#modules tbody tr')) add('Modules', 'modules', row.cells[0].textContent, row.textContent);
  for (const file of $$('details.file')) {
    add('Files', file.id, file.id, '');
    const source = $('pre.source', file);
    const lines = source ? source.textContent.replace(/\n$/, '').split('\n') : $$('.l > span', file).map((line) => line.textContent);
    lines.forEach((text, i) => { if (text) add('Lines of files', file.id + ':' + (i + 1), file.id + ':' + (i + 1), text); });
  }
  return list;
}

// marked is a text with the terms in it marked.
function marked(text, terms) {
  const span = make('span');
  const low = text.toLowerCase();
  for (let at = 0; at < text.length;) {
    let begin = text.length, length = 0;
    for (const term of terms) {
      const i = low.indexOf(term, at);
      if (i >= 0 && i < begin) { begin = i; length = term.length; }
    }
    span.append(text.slice(at, begin));
    if (length) span.append(make('mark', null, text.slice(begin, begin + length)));
    at = begin + length;
  }
  return span;
}

// around is the part of a long text that has the first of the terms in it.
function around(text, terms) {
  if (text.length <= 200) return text;
  const at = Math.max(0, text.toLowerCase().indexOf(terms[0]) - 60);
  return (at ? '…' : '') + text.slice(at, at + 200) + (at + 200 < text.length ? '…' : '');
}

function look() {
  const terms = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  results.hidden = !terms.length;
  results.replaceChildren();
  if (!terms.length) { say(''); return; }
  index = index || gather();
  const found = new Map();
  let count = 0;
  for (const entry of index) {
    if (!terms.every((term) => entry.low.includes(term))) continue;
    count++;
    const list = found.get(entry.sort) || [];
    list.push(entry);
    found.set(entry.sort, list);
  }
  for (const [sort, list] of found) {
    results.append(make('h2', null, sort + ' ', make('span', { class: 'n' }, list.length > most ? most + ' of ' + list.length : String(list.length))));
    for (const entry of list.slice(0, most)) {
      const link = make('a', { href: '#' + encodeURI(entry.link) }, make('span', { class: 'at' }, marked(entry.at, terms)));
      if (entry.text) link.append(' ', make('span', { class: 'text' }, marked(around(entry.text, terms), terms)));
      results.append(link);
    }
  }
  const text = count ? count + (count === 1 ? ' result' : ' results') : 'Nothing in this bundle has that.';
  if (!count) results.append(make('p', { class: 'muted' }, text));
  say(text);
}

function closeResults() {
  results.hidden = true;
  results.replaceChildren();
}

field.addEventListener('input', look);
field.addEventListener('focus', () => { if (field.value && results.hidden) look(); });
field.form.addEventListener('submit', (event) => {
  event.preventDefault();
  const first = $('a', results);
  if (first) first.click();
});
results.addEventListener('click', (event) => { if (event.target.closest('a')) setTimeout(closeResults); });
document.addEventListener('click', (event) => { if (!event.target.closest('#results, .search')) closeResults(); });

// The arrows go from the field through the results.
function walk(event) {
  if (results.hidden || event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const stops = [field, ...$$('a', results)];
  const at = stops.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  stops[(at + (event.key === 'ArrowDown' ? 1 : stops.length - 1)) % stops.length].focus();
}
field.addEventListener('keydown', walk);
results.addEventListener('keydown', walk);
