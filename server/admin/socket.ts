import { once } from 'node:events'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { dirname, join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { AppError, asAppError, errorStatus } from '#shared/base/errors.ts'
import type { ErrorCode } from '#shared/base/errors.ts'
import type { Logger } from '../base/logger.ts'
import { AdminAnswer, AdminCommand } from './commands.ts'
import type { Asking } from './commands.ts'

/** A folder of its own that nobody else may enter, so that there is no moment in which the socket is open to others. */
const pathIn = (dataDir: string) => join(dataDir, 'admin', 'socket')
/** Linux takes 107 bytes, macOS 103. */
const maxPathBytes = 103
const maxBytes = 64 * 1024

type Answer = { status: number; body: unknown }
type Run = (asked: AdminCommand, asking: Asking) => Promise<AdminAnswer>

/** Of what takes long: lines of JSON, of which the last is the answer. Anything else is JSON alone. */
const inLines = 'application/x-ndjson'

/**
 * Where `npm run admin` reaches a server that runs: a unix socket in the data folder, for the server's own user. Whoever can open it can
 * read the database as well, so there is no other check. Hands back what closes it.
 */
export async function openAdminSocket(dataDir: string, run: Run, log: Logger): Promise<() => void> {
  const path = shortest(pathIn(dataDir))
  if (path === undefined) {
    log.warn('the path of the data folder is too long for a socket in it: npm run admin works only while no server runs')
    return () => undefined
  }
  const server = createServer((incoming, outgoing) => {
    const given = new AbortController()
    outgoing.once('close', () => given.abort(new AppError('unavailable', 'The command was given up.')))
    const tell = (line: string) => {
      if (!outgoing.headersSent) outgoing.writeHead(200, { 'content-type': inLines, connection: 'close' })
      outgoing.write(`${JSON.stringify({ progress: line })}\n`)
    }
    answer(incoming, (asked) => run(asked, { tell, signal: given.signal }), log).then(
      ({ status, body }) => {
        if (!outgoing.headersSent) outgoing.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
        outgoing.end(JSON.stringify(body))
      },
      (error: unknown) => {
        log.error({ err: error }, 'an admin command could not be answered')
        outgoing.destroy()
      },
    )
  })
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await chmod(dirname(path), 0o700)
    // Of a server that was killed: this one holds the lock of the data folder.
    await rm(path, { force: true })
    server.listen(path)
    await once(server, 'listening')
    await chmod(path, 0o600)
    server.on('error', (error) => log.warn({ err: error }, 'the socket for npm run admin failed'))
  } catch (error) {
    server.close()
    log.warn({ err: error }, 'there is no socket for npm run admin: it works only while no server runs')
  }
  return () => {
    server.close()
    server.closeAllConnections()
  }
}

async function answer(incoming: IncomingMessage, run: (asked: AdminCommand) => Promise<AdminAnswer>, log: Logger): Promise<Answer> {
  try {
    const parsed = AdminCommand.safeParse(await readJson(incoming))
    if (!parsed.success) throw new AppError('invalid_input', z.prettifyError(parsed.error))
    return { status: 200, body: await run(parsed.data) }
  } catch (thrown) {
    const error = asAppError(thrown)
    if (error.code === 'internal') log.error({ err: error.cause ?? error }, 'an admin command failed')
    return { status: errorStatus[error.code], body: { error: { code: error.code, message: error.message } } }
  }
}

async function readJson(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new AppError('too_large', 'This command is too long.')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    throw new AppError('invalid_input', 'the command is not JSON')
  }
}

const Progress = z.object({ progress: z.string() })
const Refusal = z.object({ error: z.object({ code: z.enum(Object.keys(errorStatus) as [ErrorCode, ...ErrorCode[]]), message: z.string() }) })

const ended = (cause: unknown) =>
  new AppError('unavailable', 'The server ended before it answered. See what became of it with `users`; of a backup nothing was kept.', { cause })

/** The answer, after whatever else is told. */
async function readAnswer(response: IncomingMessage, tell: (line: string) => void): Promise<unknown> {
  if (response.headers['content-type'] !== inLines) return JSON.parse(await text(response))
  let last: unknown
  try {
    for await (const line of createInterface({ input: response })) {
      last = JSON.parse(line)
      const told = Progress.safeParse(last)
      if (told.success) tell(told.data.progress)
    }
  } catch (error) {
    throw ended(error)
  }
  if (last === undefined || Progress.safeParse(last).success) throw ended(undefined)
  return last
}

/**
 * Asks the server that runs on the data folder; undefined when none listens there.
 * @throws AppError as the service does, `forbidden` for another user of the machine, `unavailable` when the server ends meanwhile
 */
export async function askServer(dataDir: string, asked: AdminCommand, tell: (line: string) => void): Promise<AdminAnswer | undefined> {
  const path = shortest(pathIn(dataDir))
  if (path === undefined) return undefined
  const sent = request({ socketPath: path, method: 'POST', path: '/', headers: { 'content-type': 'application/json' } })
  sent.end(JSON.stringify(asked))
  let response: IncomingMessage
  try {
    ;[response] = (await once(sent, 'response')) as [IncomingMessage]
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR') return undefined
    if (code === 'EACCES' || code === 'EPERM') {
      throw new AppError('forbidden', 'The data folder belongs to another user of this machine. Run this as the user who runs the server.')
    }
    throw ended(error)
  }
  const body = await readAnswer(response, tell)
  const refused = Refusal.safeParse(body)
  if (refused.success) throw new AppError(refused.data.error.code, refused.data.error.message)
  return AdminAnswer.parse(body)
}

/** As it is, or from where the process is; undefined when neither is short enough. */
function shortest(path: string): string | undefined {
  return [path, relative(process.cwd(), path)].find((one) => process.platform !== 'win32' && Buffer.byteLength(one) <= maxPathBytes)
}
