const colours = ['blue', 'green', 'red', 'orange', 'purple', 'teal', 'black', 'crimson', 'gold', 'navy', 'pink', 'indigo']

/** The last colour a text names. */
export const colourIn = (text: string): string | undefined =>
  colours.reduce<{ name?: string; at: number }>(
    (best, name) => {
      const at = text.toLowerCase().search(new RegExp(`\\b${name}\\b`))
      return at > best.at ? { name, at } : best
    },
    { at: -1 },
  ).name

const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign)

/** Name, content, and what to say while writing it. */
export function pageFiles(topic: string, accent: string): [name: string, content: string, words: string][] {
  const title = escape(topic.charAt(0).toUpperCase() + topic.slice(1))
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="stylesheet" href="style.css">
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      <p>A small page about ${escape(topic)}, made in a room by people and an agent.</p>
      <canvas id="wave" width="600" height="160" role="img" aria-label="A moving wave"></canvas>
      <ul>
        <li>What happens again and again can be drawn as a wave.</li>
        <li>What can be drawn can be looked at together.</li>
      </ul>
    </main>
    <script src="wave.js"></script>
  </body>
</html>
`
  const css = `:root {
  --accent: ${accent};
}
body {
  margin: 0;
  font-family: system-ui, sans-serif;
  line-height: 1.6;
}
main {
  max-width: 40rem;
  margin: 3rem auto;
  padding: 0 1rem;
}
h1 {
  color: var(--accent);
}
canvas {
  width: 100%;
  border-bottom: 2px solid var(--accent);
}
`
  const js = `const canvas = document.querySelector('#wave')
const pen = canvas.getContext('2d')
const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent')

function draw(time) {
  pen.clearRect(0, 0, canvas.width, canvas.height)
  pen.beginPath()
  for (let x = 0; x <= canvas.width; x += 4) {
    pen.lineTo(x, 80 + 40 * Math.sin(x / 60 + time / 900))
  }
  pen.strokeStyle = accent
  pen.lineWidth = 3
  pen.stroke()
  requestAnimationFrame(draw)
}
requestAnimationFrame(draw)
`
  return [
    ['index.html', html, 'The words come first.'],
    ['style.css', css, `Now the style, in ${accent}.`],
    ['wave.js', js, 'And a script that draws a wave.'],
  ]
}
