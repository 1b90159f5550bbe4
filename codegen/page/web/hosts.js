// Hosts are made from the data when their class is opened.
const hosts = data.hosts.hosts.map(([name, address, ofClass, digest, state, keys, ...values]) => ({ name, address, ofClass, digest, state, keys, values }));
const rowsOfHosts = new Map();
const batch = 500;

// valueOf is a text of a host, with its name and address where they were taken out.
function valueOf(host, index) {
  return data.hosts.texts[index].replaceAll('\0n', () => host.name).replaceAll('\0a', () => host.address);
}

function ownOf(host) {
  return data.hosts.keys[host.keys].map((key, i) => [data.hosts.texts[key], valueOf(host, host.values[i])]);
}

function hostRow(host) {
  const button = make('button', { type: 'button', 'aria-expanded': 'false' }, host.name);
  const row = make('tr', null, make('th', { scope: 'row', 'data-label': 'host' }, button),
    make('td', { 'data-label': 'address' }, host.address), make('td', { 'data-label': 'state' }, host.state),
    make('td', { 'data-label': 'digest' }, make('code', null, host.digest)));
  row.toggle = (open) => {
    const there = row.nextElementSibling && row.nextElementSibling.classList.contains('host-own');
    if (open === there) return;
    button.setAttribute('aria-expanded', String(!there));
    if (there) { row.nextElementSibling.remove(); return; }
    const list = make('dl');
    for (const [name, value] of ownOf(host)) list.append(make('dt', null, name), make('dd', null, value === '' ? '(empty)' : value));
    row.after(make('tr', { class: 'host-own' }, make('td', { colspan: '4' }, list)));
  };
  button.addEventListener('click', () => row.toggle());
  rowsOfHosts.set(host.name, row);
  return row;
}

// listHosts makes the rows of a class, up to the one that is looked for.
function listHosts(details, until) {
  const place = $('.host-list', details);
  const list = hosts.filter((host) => host.ofClass === Number(details.dataset.class));
  let body = $('tbody', place);
  if (!body) {
    body = make('tbody');
    const head = make('tr');
    for (const title of ['host', 'address', 'state', 'digest of all that it gets']) head.append(make('th', { scope: 'col' }, title));
    place.append(make('table', { class: 'cards' }, make('thead', null, head), body));
    place.made = 0;
  }
  const wanted = until ? list.findIndex((host) => host.name === until) + 1 : place.made ? place.made + batch : batch;
  const end = Math.min(list.length, Math.max(wanted, place.made));
  for (; place.made < end; place.made++) body.append(hostRow(list[place.made]));
  let more = $('button.more-hosts', place);
  if (place.made === list.length) {
    if (more) more.remove();
  } else if (!more) {
    more = make('button', { type: 'button', class: 'more-hosts' }, 'More hosts');
    more.addEventListener('click', () => listHosts(details));
    place.append(more);
  }
}

for (const details of $$('details.hosts-of')) {
  details.addEventListener('toggle', () => { if (details.open && !$('table', details)) listHosts(details); });
}

function showHost(name) {
  const host = hosts.find((one) => one.name === name);
  if (!host) return;
  const details = $('details.hosts-of[data-class="' + host.ofClass + '"]');
  details.open = true;
  if (!rowsOfHosts.has(name)) listHosts(details, name);
  const row = rowsOfHosts.get(name);
  row.toggle(true);
  row.scrollIntoView({ block: 'start' });
  $('button', row).focus({ preventScroll: true });
}
