const root = document.documentElement;
root.classList.add('js');
const data = JSON.parse(document.getElementById('data').textContent);
const $ = (selector, of = document) => of.querySelector(selector);
const $$ = (selector, of = document) => [...of.querySelectorAll(selector)];

// make returns an element. Texts become text, never markup.
function make(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (name in element && typeof value !== 'string') element[name] = value;
    else element.setAttribute(name === 'class' ? 'class' : name, value);
  }
  element.append(...children);
  return element;
}

function say(text) { $('#status').textContent = text; }

// The theme: the system's, or the one chosen here.
const theme = $('#theme');
function isDark() {
  const chosen = root.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}
function showTheme() {
  theme.setAttribute('aria-pressed', String(isDark()));
}
function toggleTheme() {
  root.dataset.theme = isDark() ? 'light' : 'dark';
  try { localStorage.setItem('sprayc-theme', root.dataset.theme); } catch { /* a file may have no storage */ }
  showTheme();
}
try {
  const kept = localStorage.getItem('sprayc-theme');
  if (kept === 'dark' || kept === 'light') root.dataset.theme = kept;
} catch { /* as above */ }
showTheme();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', showTheme);
theme.addEventListener('click', toggleTheme);
