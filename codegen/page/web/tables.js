// Tables are sorted by a column; a click on the column again turns them around.
const order = new Intl.Collator('en', { numeric: true });
for (const table of $$('table.sortable')) {
  $$('thead th', table).forEach((head, column) => {
    const button = make('button', { type: 'button', class: 'sort' }, head.textContent);
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of $$('th[aria-sort]', table)) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const body = table.tBodies[0];
      const rows = [...body.rows].map((row) => [row.cells[column].textContent.trim(), row]);
      rows.sort((a, b) => (down ? -1 : 1) * order.compare(a[0], b[0]));
      body.append(...rows.map((row) => row[1]));
    });
  });
}

// Effects are filtered by a text, by whom they are for, and by whether they are new.
const effectRows = $$('.effects-table tbody tr').map((row) => ({ row, text: row.textContent.toLowerCase(), on: row.cells[3].textContent }));
const filterText = $('#filter-text'), filterOn = $('#filter-on'), filterNew = $('#filter-new');
for (const on of [...new Set(effectRows.map((effect) => effect.on))].sort(order.compare)) {
  filterOn.append(make('option', { value: on }, on));
}
function filterEffects() {
  const terms = filterText.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const { row, text, on } of effectRows) {
    row.hidden = !terms.every((term) => text.includes(term)) || Boolean(filterOn.value) && on !== filterOn.value || Boolean(filterNew && filterNew.checked) && !row.classList.contains('is-new');
    if (!row.hidden) shown++;
  }
  for (const part of $$('section.effects')) part.hidden = !$('tbody tr:not([hidden])', part);
  $('#filter-count').textContent = shown === effectRows.length ? shown + ' effects' : shown + ' of ' + effectRows.length + ' effects';
}
$('#filter').addEventListener('input', filterEffects);
$('#filter').addEventListener('submit', (event) => event.preventDefault());
filterEffects();

// The edges of a step stand out while it is looked at.
const graph = $('.graph');
function light(event) {
  const step = event.target.closest('tr.step');
  let any = false;
  for (const arc of $$('.arc', graph)) {
    const lit = step && (arc.dataset.from === step.id || arc.dataset.to === step.id);
    arc.classList.toggle('lit', Boolean(lit));
    any = any || lit;
  }
  graph.classList.toggle('lit', Boolean(any));
}
graph.addEventListener('mouseover', light);
graph.addEventListener('focusin', light);
graph.addEventListener('mouseleave', light);
