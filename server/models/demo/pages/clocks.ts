import type { WebWords } from '../words/web.ts'
import { document, escape, style } from './frame.ts'
import type { PageFile } from './frame.ts'

const files = (lang: string, title: string, main: string, accent: string, script: string): PageFile[] => [
  { name: 'index.html', content: document(lang, title, `<h1>${escape(title)}</h1>\n${main}`, 'app.js') },
  { name: 'style.css', content: style(accent, css) },
  { name: 'app.js', content: script },
]

const css = `#time {
  display: block;
  margin: 1rem 0;
  color: var(--accent);
  font-size: clamp(3rem, 16vw, 6rem);
  font-variant-numeric: tabular-nums;
  line-height: 1.1;
}
#minutes {
  width: 6rem;
}
form,
.keys {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0.5rem;
}
`

/** The time of day. */
export const clockPage = (accent: string, { lang, clock }: WebWords): PageFile[] =>
  files(
    lang,
    clock.title,
    '<time id="time"></time>\n<p id="date"></p>',
    accent,
    `const time = document.querySelector('#time')
const date = document.querySelector('#date')
const language = document.documentElement.lang

function show() {
  const now = new Date()
  time.textContent = now.toLocaleTimeString(language)
  date.textContent = now.toLocaleDateString(language, { dateStyle: 'full' })
}
show()
setInterval(show, 250)
`,
  )

/** Minutes that run down, with a word when they are over. */
export const countdownPage = (accent: string, { lang, countdown }: WebWords): PageFile[] =>
  files(
    lang,
    countdown.title,
    `<time id="time">05:00</time>
<form id="form">
  <label>${escape(countdown.minutes)} <input id="minutes" type="number" min="1" max="600" value="5" required></label>
  <button id="go">${escape(countdown.start)}</button>
  <button id="reset" type="button">${escape(countdown.reset)}</button>
</form>
<p id="state" role="status"></p>`,
    accent,
    `const time = document.querySelector('#time')
const minutes = document.querySelector('#minutes')
const go = document.querySelector('#go')
const state = document.querySelector('#state')
let left = 5 * 60_000
let endsAt

const two = (value) => String(value).padStart(2, '0')

function show() {
  if (endsAt !== undefined) left = Math.max(0, endsAt - Date.now())
  const seconds = Math.ceil(left / 1000)
  time.textContent = two(Math.floor(seconds / 60)) + ':' + two(seconds % 60)
  if (endsAt !== undefined && left === 0) {
    endsAt = undefined
    state.textContent = ${JSON.stringify(countdown.over)}
  }
  go.textContent = endsAt === undefined ? ${JSON.stringify(countdown.start)} : ${JSON.stringify(countdown.pause)}
}

function reset() {
  endsAt = undefined
  left = Number(minutes.value || 5) * 60_000
  state.textContent = ''
  show()
}

document.querySelector('#form').onsubmit = (event) => {
  event.preventDefault()
  if (left === 0) reset()
  endsAt = endsAt === undefined ? Date.now() + left : undefined
  show()
}
document.querySelector('#reset').onclick = reset
minutes.onchange = reset
show()
setInterval(show, 100)
`,
  )

/** Seconds that run up, with laps. */
export const stopwatchPage = (accent: string, { lang, stopwatch }: WebWords): PageFile[] =>
  files(
    lang,
    stopwatch.title,
    `<time id="time">00:00.0</time>
<div class="keys">
  <button id="go">${escape(stopwatch.start)}</button>
  <button id="lap">${escape(stopwatch.lap)}</button>
  <button id="reset">${escape(stopwatch.reset)}</button>
</div>
<ol id="laps"></ol>`,
    accent,
    `const time = document.querySelector('#time')
const go = document.querySelector('#go')
const laps = document.querySelector('#laps')
let before = 0
let since

const two = (value) => String(value).padStart(2, '0')
const passed = () => before + (since === undefined ? 0 : Date.now() - since)
const text = (ms) => two(Math.floor(ms / 60_000)) + ':' + two(Math.floor(ms / 1000) % 60) + '.' + (Math.floor(ms / 100) % 10)

function show() {
  time.textContent = text(passed())
  go.textContent = since === undefined ? ${JSON.stringify(stopwatch.start)} : ${JSON.stringify(stopwatch.pause)}
}

go.onclick = () => {
  before = passed()
  since = since === undefined ? Date.now() : undefined
  show()
}
document.querySelector('#lap').onclick = () => {
  const item = document.createElement('li')
  item.textContent = text(passed())
  laps.append(item)
}
document.querySelector('#reset').onclick = () => {
  before = 0
  since = undefined
  laps.replaceChildren()
  show()
}
show()
setInterval(show, 100)
`,
  )
