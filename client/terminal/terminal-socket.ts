import type { ProjectId, TerminalId } from '#shared/base/ids.ts'
import { TerminalNotice, type TerminalRequest, type TerminalSize } from '#shared/terminals/schema.ts'
import { createStore, type Store } from '../ui/store.ts'

export type TerminalLink = {
  status: Store<'connecting' | 'open' | 'gone'>
  send(request: TerminalRequest): void
  type(data: string): void
  /** What the screen says to a program that asked. Nothing, while it is drawn what was there before: that was asked long ago. */
  answer(data: string): void
  close(): void
}

type Handlers = {
  /** The bytes that follow are everything. */
  onScreen(size: TerminalSize): void
  onSize(size: TerminalSize): void
  /** Call `done` when they are drawn: no more than a window of them is ever under way. */
  onBytes(bytes: Uint8Array, done: () => void): void
  onExit(exitCode: number | null): void
}

const firstRetryMs = 500
const lastRetryMs = 8_000
/** Closings after which nothing would be different. */
const final = new Set([4401, 4403, 4404])

/** A terminal over its socket, joined again when the connection breaks. */
export function joinTerminal(projectId: ProjectId, id: TerminalId, handlers: Handlers): TerminalLink {
  const status = createStore<'connecting' | 'open' | 'gone'>('connecting')
  const address = new URL(`/api/projects/${projectId}/terminals/${id}`, location.href)
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  let socket: WebSocket | undefined
  let over = false
  let retryMs = firstRetryMs
  let timer: ReturnType<typeof setTimeout> | undefined
  let size: TerminalSize | undefined
  /** Bytes that are not drawn yet of what was there before. */
  let before = 0
  /** Typed before the terminal was first there. What is typed while a connection is broken is not kept: it would come as a surprise. */
  let early: string[] | undefined = []

  const write = (data: string) => socket?.send(new TextEncoder().encode(data))
  const send = (request: TerminalRequest) => {
    if (request.type === 'resize') size = { cols: request.cols, rows: request.rows }
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request))
  }

  function join(): void {
    const mine = new WebSocket(address)
    socket = mine
    mine.binaryType = 'arraybuffer'
    mine.addEventListener('open', () => {
      retryMs = firstRetryMs
      status.set('open')
      send({ type: 'flow' })
      if (size) send({ type: 'resize', ...size })
      for (const data of early ?? []) write(data)
      early = undefined
    })
    mine.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer | string>) => {
      if (typeof data !== 'string') {
        const bytes = new Uint8Array(data)
        return handlers.onBytes(bytes, () => {
          before = Math.max(0, before - bytes.length)
          if (socket === mine) send({ type: 'ack', bytes: bytes.length })
        })
      }
      const notice = TerminalNotice.safeParse(JSON.parse(data))
      if (!notice.success) return
      if (notice.data.type === 'screen') {
        before = notice.data.bytes
        handlers.onScreen(notice.data)
      } else if (notice.data.type === 'size') handlers.onSize(notice.data)
      else if (notice.data.type === 'exit') handlers.onExit(notice.data.exitCode)
    })
    mine.addEventListener('close', ({ code }) => {
      if (over || socket !== mine) return
      if (final.has(code)) return status.set('gone')
      status.set('connecting')
      timer = setTimeout(join, retryMs)
      retryMs = Math.min(lastRetryMs, retryMs * 2)
    })
  }
  join()

  return {
    status,
    send,
    type(data) {
      if (socket?.readyState === WebSocket.OPEN) write(data)
      else early?.push(data)
    },
    answer(data) {
      if (before === 0) send({ type: 'answer', data })
    },
    close() {
      over = true
      clearTimeout(timer)
      socket?.close()
    },
  }
}
