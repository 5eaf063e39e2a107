import type { TerminalSize } from '#shared/terminals/schema.ts'
import { TerminalId } from '#shared/base/ids.ts'
import { AppError } from '#shared/base/errors.ts'
import { can } from '#shared/projects/roles.ts'
import type { Author } from '#shared/sessions/items.ts'
import { TerminalRequest } from '#shared/terminals/schema.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import type { Logger } from '../base/logger.ts'
import type { RoomSocket, SocketRoute } from '../sockets/service.ts'
import type { Reader } from './reader.ts'
import type { Terminals } from './service.ts'

/** Bytes that a client may have typed and the terminal not yet taken. */
const maxUntaken = 1024 * 1024

/** `/api/projects/:id/terminals/:terminalId`: members watch, editors type. The frames are described in shared/terminals/schema.ts. */
export const terminalSocket = (terminals: Terminals, log: Logger): SocketRoute => ({
  kind: 'terminal',
  path: /^terminals\/([^/]+)$/,
  needs: 'sandbox.read',
  maxPayload: 256 * 1024,
  open(socket, [given]) {
    const id = TerminalId.safeParse(given)
    if (!id.success) return socket.close(closeCodes.notFound)
    serve(socket, id.data, terminals, log)
  },
})

function serve(socket: RoomSocket, id: TerminalId, terminals: Terminals, log: Logger): void {
  const { ws, projectId, principal } = socket
  const by: Author = { kind: 'user', id: principal.userId, name: principal.name }
  let reader: Reader | undefined
  let size: TerminalSize | undefined
  let untaken = 0
  const opening = terminals.shellOf(projectId, id, can(socket.role(), 'sandbox.run') ? by : undefined).then(
    (shell) => {
      if (ws.readyState === ws.OPEN) reader = shell.read(ws)
    },
    (error: unknown) => {
      const known = error instanceof AppError && error.code === 'not_found'
      if (!known) log.warn({ err: error, projectId }, 'a terminal could not be opened')
      socket.close(known ? closeCodes.notFound : { code: 1011, reason: 'the terminal cannot be reached' })
    },
  )

  function type(data: string | Uint8Array): void {
    if (!can(socket.role(), 'sandbox.run')) return reader?.tell({ type: 'error', message: 'You can watch this terminal but not type in it.' })
    untaken += data.length
    if (untaken > maxUntaken) ws.pause()
    terminals
      .type(projectId, id, by, data, { size, from: ws })
      .catch((error: unknown) =>
        reader?.tell({ type: 'error', message: error instanceof AppError ? error.message : 'Your input did not reach the terminal.' }),
      )
      .finally(() => {
        untaken -= data.length
        if (untaken <= maxUntaken / 2) ws.resume()
      })
  }

  /** Of everybody who watches one answers; the others' answers are not wanted. */
  const answer = async (data: string) => {
    if (can(socket.role(), 'sandbox.run')) await terminals.answer(projectId, id, ws, data).catch(() => undefined)
  }

  function handle(request: TerminalRequest): void {
    if (request.type === 'input') type(request.data)
    else if (request.type === 'answer') void answer(request.data)
    else if (request.type === 'resize') size = { cols: request.cols, rows: request.rows }
    else if (request.type === 'flow') reader?.startFlow()
    else reader?.acknowledge(request.bytes)
  }

  // One after the other, those that come before the terminal is there as well.
  let turn: Promise<void> = opening
  ws.on('message', (data: Buffer, isBinary: boolean) => {
    turn = turn.then(() => {
      if (ws.readyState !== ws.OPEN || !reader) return
      if (isBinary) return type(data)
      const text = data.toString()
      const json = parseJson(text)
      if (typeof json !== 'object' || json === null || Array.isArray(json)) return type(text)
      const request = TerminalRequest.safeParse(json)
      if (request.success) return handle(request.data)
      const [issue] = request.error.issues
      reader.tell({ type: 'error', message: `not understood: ${issue?.path.join('.') || 'frame'}: ${issue?.message ?? 'no JSON'}` })
    })
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
