import type { WebWords } from '../words/web.ts'
import { document, escape, style } from './frame.ts'
import type { PageFile } from './frame.ts'

/** A page about a subject: what is known of it, and a wave. */
export function topicPage(topic: string, facts: readonly string[] | undefined, accent: string, web: WebWords): PageFile[] {
  const title = `${topic.charAt(0).toUpperCase()}${topic.slice(1)}`
  const list = (facts ?? web.open(topic)).map((line) => `  <li>${escape(line)}</li>`).join('\n')
  const main = `<h1>${escape(title)}</h1>
<p>${escape(web.about(topic))}</p>
<canvas id="wave" width="600" height="160" role="img" aria-label="${escape(web.wave)}"></canvas>
<h2>${escape(facts ? web.good : web.questions)}</h2>
<ul>
${list}
</ul>${facts ? '' : `\n<p>${escape(web.draft)}</p>`}`
  return [
    { name: 'index.html', content: document(web.lang, title, main, 'wave.js') },
    { name: 'style.css', content: style(accent, css) },
    { name: 'wave.js', content: script },
  ]
}

const css = `canvas {
  width: 100%;
  border-bottom: 2px solid var(--accent);
}
li {
  margin-bottom: 0.5rem;
}
`

const script = `const canvas = document.querySelector('#wave')
const pen = canvas.getContext('2d')
const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent')
const still = matchMedia('(prefers-reduced-motion: reduce)').matches

function draw(time) {
  pen.clearRect(0, 0, canvas.width, canvas.height)
  pen.beginPath()
  for (let x = 0; x <= canvas.width; x += 4) {
    pen.lineTo(x, 80 + 40 * Math.sin(x / 60 + time / 900))
  }
  pen.strokeStyle = accent
  pen.lineWidth = 3
  pen.stroke()
  if (!still) requestAnimationFrame(draw)
}
requestAnimationFrame(draw)
`
