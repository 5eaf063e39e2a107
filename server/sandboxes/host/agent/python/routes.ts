import type { IncomingMessage, ServerResponse } from 'node:http'
import { asRpcError, readAll, readUnary, RpcError } from '../connect.ts'
import type { createContexts } from './contexts.ts'

const maxCodeBytes = 4 * 1024 * 1024

/** @throws RpcError for an option that there is not: none is taken in silence. */
function known(body: Buffer, options: readonly string[]) {
  const message = readUnary(body)
  const other = Object.keys(message).find((name) => !options.includes(name))
  if (other !== undefined) throw new RpcError('invalid_argument', `${other.slice(0, 100)} is no option of this call`)
  return message
}

/** What the code interpreter answers on its port: `POST /execute`, and `/contexts`. */
export function createPythonRoutes(contexts: ReturnType<typeof createContexts>) {
  async function execute(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { code, context_id, language, env_vars } = known(await readAll(request, maxCodeBytes), ['code', 'context_id', 'language', 'env_vars'])
    if (typeof code !== 'string') throw new RpcError('invalid_argument', 'code is needed')
    if (typeof language === 'string' && !/^py/i.test(language)) throw new RpcError('invalid_argument', `only Python is run here, not ${language}`)
    const env = Object.fromEntries(Object.entries((env_vars ?? {}) as object).filter(([, value]) => typeof value === 'string')) as Record<
      string,
      string
    >
    const gone = new Promise<void>((resolve) => response.once('close', () => (response.writableFinished ? undefined : resolve())))
    const contextId = typeof context_id === 'string' ? context_id : undefined
    contexts.check(contextId)
    // At once: a caller counts the time of a cell from here.
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders()
    const reader = {
      send(event: object) {
        return response.destroyed || response.write(`${JSON.stringify(event)}\n`)
      },
      drained: () =>
        new Promise<void>((resolve) => {
          if (response.destroyed || !response.writableNeedDrain) return resolve()
          response.once('drain', resolve)
          response.once('close', resolve)
        }),
    }
    try {
      await contexts.run({ code, contextId, env }, reader, gone)
    } catch (thrown) {
      const { message } = asRpcError(thrown)
      reader.send({ type: 'error', name: 'InterpreterFailed', value: message, traceback: message })
      reader.send({ type: 'end_of_execution' })
    }
    response.end()
  }

  async function route(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const [, collection, id, action] = path.split('/')
    const call = `${request.method} ${collection}${id === undefined ? '' : '/:id'}${action === undefined ? '' : `/${action}`}`
    const answer = (status: number, body?: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body === undefined ? undefined : JSON.stringify(body))
    switch (call) {
      case 'GET health':
        return void answer(200, 'OK')
      case 'POST execute':
        return execute(request, response)
      case 'GET contexts':
        return void answer(200, contexts.list())
      case 'POST contexts': {
        const { cwd, language } = known(await readAll(request, maxCodeBytes), ['cwd', 'language'])
        if (typeof language === 'string' && !/^py/i.test(language)) throw new RpcError('invalid_argument', `only Python is run here, not ${language}`)
        return void answer(200, await contexts.create(cwd))
      }
      case 'DELETE contexts/:id':
        await contexts.remove(String(id))
        return void answer(204)
      case 'POST contexts/:id/restart':
        await contexts.restart(String(id))
        return void answer(204)
      case 'POST contexts/:id/interrupt':
        contexts.interrupt(String(id))
        return void answer(204)
      default:
        throw new RpcError('not_found', `nothing at ${path}`)
    }
  }

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    try {
      await route(request, response, path)
    } catch (thrown) {
      if (response.headersSent) return void response.destroy()
      const { code, message } = asRpcError(thrown)
      const status = { not_found: 404, invalid_argument: 400, permission_denied: 403, unimplemented: 501 }[code as string] ?? 500
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ code: status, message }))
    }
  }
}
