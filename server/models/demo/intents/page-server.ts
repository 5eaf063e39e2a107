/** What the demo serves pages with: a file of the workspace, as a local sandbox always has Node, and not always Python. */
export const pageServer = `// node serve.mjs <folder> <port>
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'

const [folder = '.', port = '8000'] = process.argv.slice(2)
const types = { '.html': 'text/html', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.png': 'image/png' }

const server = createServer(async (request, response) => {
  try {
    const { pathname } = new URL(request.url, 'http://localhost')
    const path = normalize(decodeURIComponent(pathname)) + (pathname.endsWith('/') ? 'index.html' : '')
    const content = await readFile(join(folder, path))
    response.setHeader('content-type', types[extname(path)] ?? 'application/octet-stream')
    response.end(content)
  } catch {
    response.statusCode = 404
    response.end('Not found')
  }
  console.log(request.method, request.url, response.statusCode)
})
server.listen(Number(port), () => console.log(\`\${folder} is at http://localhost:\${port}/\`))
`
