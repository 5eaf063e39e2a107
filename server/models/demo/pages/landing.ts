import type { WebWords } from '../words/web.ts'
import { document, escape, style } from './frame.ts'
import type { PageFile } from './frame.ts'

/** The front page of a shop or a project. */
export function landingPage(topic: string, accent: string, { lang, shop }: WebWords): PageFile[] {
  const name = topic.replace(/^(?:my|our|the|a|an)\s+/i, '')
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const things = /bak(?:e|ing)|bread|面包|烘焙/i.test(name) ? shop.bakery : /caf|coffee|tea|咖啡|茶/i.test(name) ? shop.cafe : shop.things
  const items = (lines: readonly string[]) => lines.map((line) => `  <li>${escape(line)}</li>`).join('\n')
  const main = `<header>
  <h1>${escape(shop.welcome(name))}</h1>
  <p>${escape(shop.lead(name))}</p>
  <a class="call" href="#hours">${escape(shop.call)}</a>
</header>
<h2>${escape(shop.offers)}</h2>
<ul class="cards">
${items(things)}
</ul>
<h2 id="hours">${escape(shop.hours)}</h2>
<ul>
${items(shop.times)}
</ul>
<footer>
  <strong>${escape(shop.visit)}</strong> ${escape(shop.address)}
</footer>`
  return [
    { name: 'index.html', content: document(lang, title, main, 'app.js') },
    { name: 'style.css', content: style(accent, css) },
    { name: 'app.js', content: script },
  ]
}

const css = `header {
  padding: 3rem 2rem;
  border-radius: 1rem;
  background: var(--accent);
  color: #fff;
  text-align: center;
}
header h1 {
  color: #fff;
}
.call {
  display: inline-block;
  padding: 0.5rem 1.25rem;
  border-radius: 2rem;
  background: #fff;
  color: var(--accent);
  text-decoration: none;
}
.cards {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr));
  gap: 1rem;
  padding: 0;
  list-style: none;
}
.cards li {
  padding: 1rem;
  border: 1px solid #ddd;
  border-radius: 0.75rem;
}
.today {
  font-weight: 600;
}
footer {
  margin-top: 2rem;
  border-top: 2px solid var(--accent);
  padding-top: 1rem;
}
`

const script = `// Today's opening hours stand out.
const day = new Date().getDay()
const row = day === 0 ? 2 : day === 6 ? 1 : 0
document.querySelectorAll('#hours + ul li')[row]?.classList.add('today')
`
