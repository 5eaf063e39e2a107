import { existsSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono } from 'hono'
import { etag } from 'hono/etag'

/**
 * The built client, with what stands compressed beside each file. Names with a hash never change, everything else is asked for each time. A path
 * that is no file is a page of the client.
 */
export function createStaticFiles(folder: string): Hono {
  const app = new Hono()
  let serve: ReturnType<typeof serveFrom> | undefined
  app.use(etag())
  app.use(async (context, next) => {
    // Until it is built there is nothing to serve.
    if (!existsSync(folder)) return next()
    serve ??= serveFrom(folder)
    const { path } = context.req
    const extension = extname(path)
    const file = await serve.file(context, path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    if (file) return file
    if (extension !== '' && extension !== '.html') return context.text('Not found\n', 404)
    return (await serve.page(context, 'no-cache')) ?? next()
  })
  app.notFound((context) => context.text('The interface is not built. Run: npm start\n', 503))
  return app
}

function serveFrom(root: string) {
  const from = (options: { path?: string }) => {
    const found = new WeakMap<Context, string>()
    const serve = serveStatic({ root, precompressed: true, onFound: (path, context) => void found.set(context, path), ...options })
    return async (context: Context, cacheControl: string): Promise<Response | undefined> => {
      const answer = await serve(context, async () => undefined)
      const file = found.get(context)
      if (!answer || !file) return undefined
      // Headers that `onFound` sets come too late for this answer.
      const { mtimeMs, size } = statSync(file)
      answer.headers.set('etag', `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`)
      answer.headers.set('cache-control', cacheControl)
      return answer
    }
  }
  return { file: from({}), page: from({ path: 'index.html' }) }
}
