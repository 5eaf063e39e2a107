import { createRequire } from 'node:module'
import { ReadStream } from 'node:tty'

/** The part of the native module that is used: its own stream drops what a slow reader has not taken when the shell ends. */
type Native = {
  fork(
    file: string,
    args: string[],
    env: string[],
    cwd: string,
    cols: number,
    rows: number,
    uid: number,
    gid: number,
    utf8: boolean,
    helper: string,
    onExit: (code: number, signal: number) => void,
  ): { fd: number; pid: number; pty: string }
  resize(fd: number, cols: number, rows: number): void
}

export type TerminalProcess = {
  readonly pid: number
  write(bytes: Buffer): Promise<void>
  resize(cols: number, rows: number): void
  pause(): void
  resume(): void
  close(): void
}

/** How long the output of what outlives the shell is listened to. */
const lingerMs = 200
const gatherBytes = 256 * 1024

export const isSize = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1000

export function createTerminals(modulePath: string | undefined, helperPath: string | undefined) {
  let native: Native | undefined
  return {
    /** @throws Error when this machine has no module for terminals, or no more of them */
    spawn(options: {
      file: string
      args: string[]
      env: Record<string, string>
      cwd: string
      cols: number
      rows: number
      onData(bytes: Buffer): void
      /** After the last byte. */
      onEnd(code: number, signal: number): void
    }): TerminalProcess {
      if (modulePath === undefined || modulePath === '') throw new Error('this machine has no module for terminals')
      native ??= createRequire(import.meta.url)(modulePath) as Native
      const loaded = native
      const env = Object.entries(options.env).map(([name, value]) => `${name}=${value}`)
      let ended: { code: number; signal: number } | undefined
      let closed = false
      let paused = false
      let linger: NodeJS.Timeout | undefined
      let gathered: Buffer[] = []
      let size = 0
      let flushing: NodeJS.Immediate | undefined

      const { fd, pid } = loaded.fork(
        options.file,
        options.args,
        env,
        options.cwd,
        options.cols,
        options.rows,
        -1,
        -1,
        true,
        helperPath ?? '',
        (code, signal) => {
          ended = { code, signal }
          wait()
        },
      )
      const stream = new ReadStream(fd)
      const flush = () => {
        clearImmediate(flushing)
        flushing = undefined
        if (size === 0) return
        const bytes = Buffer.concat(gathered, size)
        gathered = []
        size = 0
        options.onData(bytes)
      }
      const finish = () => {
        if (closed) return
        closed = true
        clearTimeout(linger)
        flush()
        stream.destroy()
        if (ended) options.onEnd(ended.code, ended.signal)
      }
      /** The shell is gone: over when nothing has come for a while, unless it is a slow reader that lets nothing come. */
      const wait = () => {
        clearTimeout(linger)
        if (!ended) return
        if (closed) return options.onEnd(ended.code, ended.signal)
        if (!paused) linger = setTimeout(finish, lingerMs)
      }
      stream.on('data', (chunk: Buffer) => {
        gathered.push(chunk)
        size += chunk.length
        if (ended) wait()
        // One message for what one round of the loop has read: the kernel gives 4 KB at a time.
        if (size >= gatherBytes) flush()
        else flushing ??= setImmediate(flush)
      })
      // EIO: nobody holds the other side any more.
      const over = () => {
        if (ended) finish()
        else {
          flush()
          closed = true
          stream.destroy()
        }
      }
      stream.on('error', over)
      stream.on('end', over)
      return {
        pid,
        write: (bytes) =>
          new Promise((resolve, reject) =>
            closed ? reject(new Error('the terminal is closed')) : stream.write(bytes, (error) => (error ? reject(error) : resolve())),
          ),
        resize: (cols, rows) => {
          if (!closed) loaded.resize(fd, cols, rows)
        },
        pause() {
          paused = true
          clearTimeout(linger)
          stream.pause()
        },
        resume() {
          paused = false
          stream.resume()
          wait()
        },
        close: finish,
      }
    },
  }
}
export type Terminals = ReturnType<typeof createTerminals>
