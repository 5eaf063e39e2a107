import type { TerminalSize } from '#shared/terminals/schema.ts'
import type { Terminal as Pty } from '../sandboxes/port.ts'
import { createReader, type Reader } from './reader.ts'
import { createScrollback } from './scrollback.ts'
import { readText } from './read-text.ts'
import type { WebSocket } from 'ws'

/** One running terminal: what it printed last, and everybody who reads it. */
export function createShell(first: TerminalSize) {
  const scrollback = createScrollback()
  const readers = new Set<Reader>()
  let size: TerminalSize = first
  // What is typed before the shell is there waits for it.
  const awaited = () => {
    const one = Promise.withResolvers<Pty>()
    one.promise.catch(() => undefined)
    return one
  }
  let attached = awaited()
  let pty: Pty | undefined
  let typing: Promise<unknown> = Promise.resolve()

  return {
    /** For the port: the next bytes are read when every reader can take more. */
    async onData(bytes: Uint8Array): Promise<void> {
      scrollback.add(bytes)
      await Promise.all([...readers].map((reader) => reader.write(bytes)))
    },
    attach(opened: Pty): void {
      pty = opened
      attached.resolve(opened)
    },
    /** Another shell comes, below what the last one printed. */
    renew(): void {
      pty = undefined
      attached = awaited()
    },
    /** There will be no shell. */
    fail: (error: unknown): void => attached.reject(error),
    read(ws: WebSocket): Reader {
      const reader = createReader(ws, () => ({ notice: { type: 'screen', ...size }, bytes: scrollback.bytes() }))
      readers.add(reader)
      ws.once('close', () => readers.delete(reader))
      return reader
    },
    /** In the order in which it came, whoever typed it. */
    type(data: string | Uint8Array): Promise<unknown> {
      const next = typing.catch(() => undefined).then(async () => (await attached.promise).write(data))
      typing = next
      return next
    },
    size: () => size,
    /** Before what is typed from now on, and after what was typed before. False when it has this size already. */
    resize(next: TerminalSize): boolean {
      if (next.cols === size.cols && next.rows === size.rows) return false
      size = next
      for (const reader of readers) reader.tell({ type: 'size', ...next })
      const before = typing
      typing = (async () => {
        await before.catch(() => undefined)
        await pty?.resize(next)
      })()
      // Whoever types next meets the same terminal, and is told.
      typing.catch(() => undefined)
      return true
    },
    text: (lines: number) => readText(scrollback.bytes(), size, lines),
    ended(exitCode: number | null): void {
      for (const reader of readers) reader.tell({ type: 'exit', exitCode })
    },
    kill: async () => pty?.kill(),
    disconnect: async () => pty?.disconnect(),
  }
}

export type Shell = ReturnType<typeof createShell>
