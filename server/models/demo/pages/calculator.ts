import type { WebWords } from '../words/web.ts'
import { document, escape, style } from './frame.ts'
import type { PageFile } from './frame.ts'

const keys = ['7', '8', '9', '÷', '4', '5', '6', '×', '1', '2', '3', '−', '0', '.', '=', '+']

/** A calculator with four operations, by mouse and by keyboard. */
export function calculatorPage(accent: string, { lang, calculator }: WebWords): PageFile[] {
  const main = `<h1>${escape(calculator.title)}</h1>
<section id="calculator">
  <output id="shown" aria-label="${escape(calculator.result)}">0</output>
  <button data-key="C" class="wide">${escape(calculator.clear)}</button>
  <button data-key="⌫" class="wide" aria-label="${escape(calculator.back)}">⌫</button>
${keys.map((key) => `  <button data-key="${key}">${key}</button>`).join('\n')}
</section>`
  return [
    { name: 'index.html', content: document(lang, calculator.title, main, 'app.js') },
    { name: 'style.css', content: style(accent, css) },
    { name: 'app.js', content: script(calculator.error) },
  ]
}

const css = `#calculator {
  display: grid;
  grid-template-columns: repeat(4, 1fr);
  gap: 0.5rem;
  max-width: 20rem;
}
#shown {
  grid-column: span 4;
  padding: 0.75rem;
  border: 1px solid #bbb;
  border-radius: 0.5rem;
  font-size: 1.75rem;
  font-variant-numeric: tabular-nums;
  text-align: right;
  overflow-wrap: anywhere;
}
.wide {
  grid-column: span 2;
}
button {
  padding: 0.75rem;
}
`

const script = (error: string) => `const shown = document.querySelector('#shown')
const act = { '+': (a, b) => a + b, '−': (a, b) => a - b, '×': (a, b) => a * b, '÷': (a, b) => a / b }
let entry = '0'
let first
let sign
let fresh = true

const tidy = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(12))) : ${JSON.stringify(error)})

function finish() {
  if (sign === undefined || first === undefined) return
  entry = tidy(act[sign](first, Number(entry)))
  first = sign = undefined
}

function press(key) {
  if (/^[0-9]$/.test(key)) {
    entry = fresh || entry === '0' ? key : (entry + key).slice(0, 15)
    fresh = false
  } else if (key === '.') {
    entry = fresh ? '0.' : entry.includes('.') ? entry : entry + '.'
    fresh = false
  } else if (key === 'C') {
    entry = '0'
    first = sign = undefined
    fresh = true
  } else if (key === '⌫') {
    entry = fresh || entry.length === 1 ? '0' : entry.slice(0, -1)
  } else if (key === '=') {
    finish()
    fresh = true
  } else if (act[key]) {
    if (!fresh) finish()
    first = Number(entry)
    sign = key
    fresh = true
  }
  shown.textContent = entry
}

for (const button of document.querySelectorAll('[data-key]')) button.onclick = () => press(button.dataset.key)
const typed = { '*': '×', '/': '÷', '-': '−', Backspace: '⌫', Escape: 'C', ',': '.' }
addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  // Enter on a key of the calculator presses that key.
  if (event.key === 'Enter' && event.target.closest('button')) return
  const key = event.key === 'Enter' ? '=' : typed[event.key] ?? event.key
  if (/^[0-9.=C⌫]$/.test(key) || act[key]) {
    event.preventDefault()
    press(key)
  }
})
`
