import { boundaryIn, readMarks } from '../boundary/read-marks.ts'
import type { WireMessage } from './wire.ts'

export type Saying = { by: string | undefined; /** Said to people, or to another agent. */ aside: boolean; text: string }

/**
 * What people say one after the other comes as one message, each between the marks of the request's boundary, which tell them
 * apart. What stands outside of them is nobody's word. Of a request without a boundary, which is not this server's, a name may lead.
 */
export function createSayings(messages: readonly WireMessage[]) {
  const system = messages.flatMap(({ role, content }) => (role === 'system' && content ? [content] : []))
  const boundary = boundaryIn(system.join('\n'))

  return {
    of(content: string): Saying[] {
      if (boundary === undefined) return [plainly(content)]
      return readMarks(content, boundary).flatMap((part) =>
        part.kind === 'said' ? [{ by: part.by, aside: part.to !== undefined, text: part.text }] : [],
      )
    },

    /** What came of a call: what the tool gave, or the words with which somebody denied it. */
    result(content: string): string {
      const parts = boundary === undefined ? [] : readMarks(content, boundary)
      const said = parts.find((part) => part.kind === 'said')
      if (said) return `denied: ${said.by ?? 'Somebody'} denied it: ${said.text}`
      const gave = parts.flatMap((part) => (part.kind === 'output' ? [part.text] : []))
      return gave.length > 0 ? gave.join('\n') : content
    },
  }
}

/** `Ada: hello` → Ada said "hello". */
function plainly(content: string): Saying {
  const [, by, text = content] = /^([\p{L}][^\n:`"]{0,79}): ([\s\S]+)$/u.exec(content) ?? []
  return { by, aside: false, text }
}
