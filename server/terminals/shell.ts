import type { TerminalSize } from '#shared/terminals/schema.ts'
import type { Terminal as Pty } from '../sandboxes/port.ts'
import { createReader, type Reader } from './reader.ts'
import { createScrollback } from './scrollback.ts'
import { readText } from './read-text.ts'
import type { WebSocket } from 'ws'

/** What bash prints when it reads a line and takes what is pasted as a text, from 5.1 on by itself. */
const prompts = '\u001b[?2004h'
const pasteBegins = '\u001b[200~'
/** With the key that goes to the end of the line: what was pasted is then no longer marked. */
const pasteEnds = '\u001b[201~\u0005'
const promptWithinMs = 10_000

/** Without anything that would be a key, or end the pasting. */
// oxlint-disable-next-line no-control-regex -- these are exactly what is left out
const withoutControls = (text: string) => text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')

/** One running terminal: what it printed last, and everybody who reads it. */
export function createShell(first: TerminalSize) {
  const scrollback = createScrollback()
  const readers = new Map<WebSocket, Reader>()
  /** Where somebody typed last. */
  let typedLast: WebSocket | undefined
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
  /** Waits for the first prompt. */
  let onPrompt: (() => void) | undefined
  let tail = ''
  const lookForPrompt = (bytes: Uint8Array) => {
    tail = (tail + Buffer.from(bytes).toString('latin1')).slice(-64)
    if (tail.includes(prompts)) onPrompt?.()
  }

  return {
    /** For the port: the next bytes are read when every reader can take more. */
    async onData(bytes: Uint8Array): Promise<void> {
      scrollback.add(bytes)
      if (onPrompt) lookForPrompt(bytes)
      await Promise.all([...readers.values()].map((reader) => reader.write(bytes)))
    },
    attach(opened: Pty): void {
      pty = opened
      attached.resolve(opened)
    },
    /**
     * Puts a text behind the first prompt as if it had been pasted: several lines stay one text, and nothing of it is run. A
     * shell that says nothing of a prompt in time gets nothing. Call before it is attached.
     */
    prepare(text: string): void {
      const pasted = Buffer.from(`${pasteBegins}${withoutControls(text)}${pasteEnds}`)
      const timer = setTimeout(() => (onPrompt = undefined), promptWithinMs)
      timer.unref()
      onPrompt = () => {
        onPrompt = undefined
        clearTimeout(timer)
        typing = typing.catch(() => undefined).then(async () => (await attached.promise).write(pasted))
        typing.catch(() => undefined)
      }
    },
    /** Another shell comes, below what the last one printed. */
    renew(): void {
      pty = undefined
      attached = awaited()
    },
    /** There will be no shell. */
    fail: (error: unknown): void => attached.reject(error),
    read(ws: WebSocket): Reader {
      const reader = createReader(ws, () => {
        const bytes = scrollback.bytes()
        return { notice: { type: 'screen', ...size, bytes: bytes.length }, bytes }
      })
      readers.set(ws, reader)
      ws.once('close', () => readers.delete(ws))
      return reader
    },
    /** Undefined: an agent, who has no screen. */
    typedBy(from: WebSocket | undefined): void {
      typedLast = from
    },
    /** Whether a program that asks is answered from here: where somebody typed last, else by whoever has watched for longest. */
    isAnswerer: (ws: WebSocket) => ws === (typedLast && readers.has(typedLast) ? typedLast : readers.keys().next().value),
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
      for (const reader of readers.values()) reader.tell({ type: 'size', ...next })
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
      for (const reader of readers.values()) reader.tell({ type: 'exit', exitCode })
    },
    kill: async () => pty?.kill(),
    disconnect: async () => pty?.disconnect(),
  }
}

export type Shell = ReturnType<typeof createShell>
