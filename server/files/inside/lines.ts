/** How a program inside is asked and answers: one JSON object on its standard input, lines of JSON on its standard output. */
import { readSync, writeSync } from 'node:fs'

/** The first line alone: whoever asks keeps the input open. */
export function question<T>(): T {
  const parts: Buffer[] = []
  const part = Buffer.alloc(1 << 16)
  for (;;) {
    const size = patiently(() => readSync(0, part))
    const end = part.subarray(0, size).indexOf(0x0a)
    parts.push(Buffer.from(part.subarray(0, end < 0 ? size : end)))
    if (end >= 0 || size === 0) return JSON.parse(Buffer.concat(parts).toString()) as T
  }
}

const enough = 1 << 16
let waiting = ''

export function say(line: object): void {
  waiting += `${JSON.stringify(line)}\n`
  if (waiting.length > enough) flush()
}

export function flush(): void {
  let bytes = Buffer.from(waiting)
  waiting = ''
  while (bytes.length > 0) bytes = bytes.subarray(patiently(() => writeSync(1, bytes)))
}

/** A pipe that is not ready yet is waited for. */
function patiently(work: () => number): number {
  for (;;) {
    try {
      return work()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    }
  }
}

process.on('exit', flush)
