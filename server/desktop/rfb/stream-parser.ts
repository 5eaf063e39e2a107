import { AppError } from '#shared/base/errors.ts'

/** What arrived is not RFB as it is accepted here; the connection cannot go on. */
export class BadRfb extends AppError {
  override name = 'BadRfb'
  constructor(message: string) {
    super('sandbox_failed', message)
  }
}

/** `read`: hand me these bytes whole. `pass`, `drop`: let these go on, or not, as they come, without keeping them. */
type Step = { do: 'read' | 'pass' | 'drop'; bytes: number }

/** A protocol written as one generator, top to bottom; where it is cut into chunks does not matter. */
export type Program = Generator<Step, void, Buffer>

const nothing = Buffer.alloc(0)

export function* read(bytes: number): Generator<Step, Buffer, Buffer> {
  return bytes === 0 ? nothing : yield { do: 'read', bytes }
}
export function* pass(bytes: number): Generator<Step, void, Buffer> {
  if (bytes > 0) yield { do: 'pass', bytes }
}
export function* drop(bytes: number): Generator<Step, void, Buffer> {
  if (bytes > 0) yield { do: 'drop', bytes }
}

/**
 * Runs a program over a stream.
 * @param out what goes on to the other side, at most once a chunk; the program may add to it with `emit`
 */
export function createStreamParser(make: (emit: (bytes: Buffer) => void) => Program, out: (bytes: Buffer) => void) {
  let passing: Buffer[] = []
  const program = make((bytes) => void passing.push(bytes))
  let step = program.next()
  /** Of a `read` that has not arrived whole. */
  let held: Buffer[] = []
  /** Bytes of the step that are still to come. */
  let missing = step.done ? 0 : step.value.bytes

  function advance(bytes: Buffer): void {
    step = program.next(bytes)
    missing = step.done ? 0 : step.value.bytes
  }

  function take(part: Buffer): void {
    if (step.done) return
    missing -= part.length
    if (step.value.do === 'pass') passing.push(part)
    else if (step.value.do === 'read') held.push(part)
    if (missing > 0) return
    const whole = held.length === 1 && held[0] ? held[0] : Buffer.concat(held)
    held = []
    advance(whole)
  }

  return {
    /**
     * Hands back what came after the program's end.
     * @throws BadRfb, for good; what came before it has been handed on
     */
    feed(chunk: Buffer): Buffer {
      let at = 0
      try {
        while (at < chunk.length && !step.done) {
          const end = Math.min(chunk.length, at + missing)
          take(chunk.subarray(at, end))
          at = end
        }
        return chunk.subarray(at)
      } finally {
        const ready = passing
        passing = []
        if (ready.length === 1 && ready[0]) out(ready[0])
        else if (ready.length > 1) out(Buffer.concat(ready))
      }
    },
  }
}
