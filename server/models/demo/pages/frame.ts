/** One file of a page. */
export type PageFile = { name: string; content: string }

export const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign)

const indent = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by))

/** A whole document around what its `main` holds. */
export const document = (lang: string, title: string, main: string, script: string) => `<!doctype html>
<html lang="${lang}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escape(title)}</title>
    <link rel="stylesheet" href="style.css">
  </head>
  <body>
    <main>
${indent(main, 6)}
    </main>
    <script src="${script}"></script>
  </body>
</html>
`

/** What all pages have in common: the accent is the one line that another colour changes. */
export const style = (accent: string, more: string) => `:root {
  --accent: ${accent};
  color-scheme: light;
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  background: #fff;
  color: #222;
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
  line-height: 1.2;
}
button,
input {
  font: inherit;
  padding: 0.5rem 0.75rem;
  border: 1px solid #bbb;
  border-radius: 0.5rem;
}
button {
  border-color: var(--accent);
  background: var(--accent);
  color: #fff;
  cursor: pointer;
}
${more}`
