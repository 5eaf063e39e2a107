import type { WebWords } from '../words/web.ts'
import { document, escape, style } from './frame.ts'
import type { PageFile } from './frame.ts'

/** A to-do app: add, tick, remove; kept in the browser where it allows that. */
export function todoPage(accent: string, { lang, todo }: WebWords): PageFile[] {
  const main = `<h1>${escape(todo.title)}</h1>
<form id="new">
  <input id="text" aria-label="${escape(todo.label)}" placeholder="${escape(todo.label)}" autocomplete="off" maxlength="200" required>
  <button>${escape(todo.add)}</button>
</form>
<ul id="list"></ul>
<p id="state" role="status"></p>`
  return [
    { name: 'index.html', content: document(lang, todo.title, main, 'app.js') },
    { name: 'style.css', content: style(accent, css) },
    { name: 'app.js', content: script(todo) },
  ]
}

const css = `#new {
  display: flex;
  gap: 0.5rem;
}
#text {
  flex: 1;
  min-width: 0;
}
#list {
  padding: 0;
  list-style: none;
}
#list li {
  display: flex;
  align-items: center;
  gap: 0.5rem;
  padding: 0.5rem 0;
  border-bottom: 1px solid #ddd;
}
#list label {
  flex: 1;
  overflow-wrap: anywhere;
}
#list input {
  margin-right: 0.5rem;
  accent-color: var(--accent);
}
#list .done label {
  color: #777;
  text-decoration: line-through;
}
#list button {
  background: none;
  color: var(--accent);
}
`

const script = ({ remove, left, empty }: WebWords['todo']) => `const key = 'todos'
const list = document.querySelector('#list')
const state = document.querySelector('#state')
const text = document.querySelector('#text')
let todos = load()

// A page that is shown apart from everything else may keep nothing.
function load() {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? []
  } catch {
    return []
  }
}

function save() {
  try {
    localStorage.setItem(key, JSON.stringify(todos))
  } catch {
    // It lives until the page is closed.
  }
}

function change(next) {
  todos = next
  save()
  show()
}

function show() {
  list.replaceChildren(...todos.map(row))
  const open = todos.filter((todo) => !todo.done).length
  state.textContent = todos.length === 0 ? ${JSON.stringify(empty)} : open + ' ' + ${JSON.stringify(left)}
}

function row(todo) {
  const item = document.createElement('li')
  item.className = todo.done ? 'done' : ''
  const label = document.createElement('label')
  const box = document.createElement('input')
  box.type = 'checkbox'
  box.checked = todo.done
  box.onchange = () => change(todos.map((one) => (one === todo ? { ...one, done: box.checked } : one)))
  label.append(box, todo.text)
  const remove = document.createElement('button')
  remove.textContent = ${JSON.stringify(remove)}
  remove.setAttribute('aria-label', ${JSON.stringify(remove)} + ' ' + todo.text)
  remove.onclick = () => change(todos.filter((one) => one !== todo))
  item.append(label, remove)
  return item
}

document.querySelector('#new').onsubmit = (event) => {
  event.preventDefault()
  const wanted = text.value.trim()
  if (wanted) change([...todos, { text: wanted, done: false }])
  text.value = ''
  text.focus()
}
show()
`
