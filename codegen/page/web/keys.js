// Keys of one letter, unless switched off, and never while one types.
const keysDialog = $('#keys');
$('#help').addEventListener('click', () => keysDialog.showModal());

// step goes to the part of the page before or behind the one that is on top.
function step(by) {
  const parts = $$('main > section, main > section > section');
  const top = (part) => part.getBoundingClientRect().top;
  const visible = parts.filter((part) => !part.hidden);
  const next = by > 0 ? visible.find((part) => top(part) > 130) : visible.findLast((part) => top(part) < 20);
  if (!next) return;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'start' });
}

function openAll() {
  const part = document.activeElement.closest('.files-of');
  if (!part) return;
  const files = $$('details.file', part);
  const open = !files.every((file) => file.open);
  for (const file of files) file.open = open;
}

const keys = {
  '/': () => field.focus(), t: toggleTheme, o: openAll, '[': () => step(-1), ']': () => step(1), '?': () => keysDialog.showModal(),
};
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !results.hidden) {
    field.focus(); // which may show them
    closeResults();
    return;
  }
  const typing = event.target.closest('input:not([type="checkbox"]), select, textarea');
  if (typing || event.ctrlKey || event.metaKey || event.altKey || keysDialog.open || !$('#keys-on').checked) return;
  if (!Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

// The list of parts shows where one is.
const inToc = new Map($$('.toc a').map((link) => [link.getAttribute('href').slice(1), link]));
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    for (const link of inToc.values()) link.removeAttribute('aria-current');
    const link = inToc.get(entry.target.id);
    if (link) link.setAttribute('aria-current', 'true');
  }
}, { rootMargin: '-15% 0px -80% 0px' });
for (const id of inToc.keys()) {
  const part = document.getElementById(id);
  if (part) seen.observe(part);
}

if (location.hash) follow(location.hash, false);
root.dataset.ready = 'yes';
