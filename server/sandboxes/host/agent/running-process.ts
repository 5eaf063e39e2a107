import type { ChildProcess } from 'node:child_process'
import type { Message, Stream } from './connect.ts'
import { killTagged } from './reap.ts'
import type { TerminalProcess } from './terminal.ts'

/** What a caller wants to be run. */
export type Wanted = {
  cmd: string
  args: string[]
  envs: Record<string, string>
  cwd: string
  /** In the environment of everything it starts, so that all of it can be found. */
  mark: string
  /** A name that its caller gave it. */
  tag: string | undefined
}

/** A command or a terminal that goes on, and who reads it. */
export type RunningProcess = {
  pid: number
  wanted: Wanted
  runs: { kind: 'pipes'; child: ChildProcess } | { kind: 'terminal'; terminal: TerminalProcess }
  readers: Set<Stream>
  /** What a terminal printed while nobody read it, for who connects next. */
  unread: Buffer[]
  endedBy?: string
  /** A caller has killed it. */
  killed?: boolean
}

/** Of a terminal nobody reads, this much is kept: the last of it. */
const maxUnreadBytes = 1024 * 1024

/** Tells an event to everybody who reads it. @returns who is slow to take it */
export function tell(one: RunningProcess, event: Message): Stream[] | undefined {
  let slow: Stream[] | undefined
  for (const reader of one.readers) if (!reader.send({ event })) (slow ??= []).push(reader)
  return slow
}

/** Reads no more from `source` until every slow reader has taken what came. */
function holdFor(slow: Stream[] | undefined, source: { pause(): unknown; resume(): unknown }): void {
  if (!slow) return
  source.pause()
  void Promise.all(slow.map((reader) => reader.drained())).then(() => source.resume())
}

/** The output of a command to its readers. */
export function pump(one: RunningProcess, child: ChildProcess, kind: 'stdout' | 'stderr'): void {
  const pipe = child[kind]
  pipe?.on('data', (chunk: Buffer) => holdFor(tell(one, { data: { [kind]: chunk.toString('base64') } }), pipe))
}

/** The output of a terminal to its readers, or kept for the next. */
export function show(one: RunningProcess, terminal: TerminalProcess, bytes: Buffer): void {
  if (one.readers.size > 0) return holdFor(tell(one, { data: { pty: bytes.toString('base64') } }), terminal)
  one.unread.push(bytes)
  for (let kept = one.unread.reduce((sum, { length }) => sum + length, 0); kept > maxUnreadBytes;) kept -= one.unread.shift()?.length ?? kept
}

/** A line of the platform's own between what a terminal prints; commands have none. */
export function showNote(one: RunningProcess, what: string): void {
  if (one.runs.kind === 'terminal') show(one, one.runs.terminal, Buffer.from(`\r\n[${what}]\r\n`))
}

export function follow(one: RunningProcess, stream: Stream): void {
  one.readers.add(stream)
  stream.onClose(() => one.readers.delete(stream))
  stream.send({ event: { start: { pid: one.pid } } })
  for (const bytes of one.unread.splice(0)) stream.send({ event: { data: { pty: bytes.toString('base64') } } })
}

/** Ends it, and everything it has started. */
export async function killTree(one: RunningProcess): Promise<void> {
  try {
    process.kill(-one.pid, 'SIGKILL')
  } catch {
    // The group is gone; what left it is found by its mark.
  }
  await killTagged(one.wanted.mark)
}
