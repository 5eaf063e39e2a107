import type { ModelEvent } from '../port.ts'

/** Units of a mark that is not closed yet which are held back, at most. */
const longestMark = 1500

/**
 * Takes marks of a request, and its boundary by itself, out of an answer: a model that repeats them tells people nothing by it, and
 * what it writes into files or addresses must not give the boundary away.
 */
export function createUnmarked(boundary: string) {
  const texts = new Map<string, ReturnType<typeof createText>>()
  const of = (key: string) => {
    const known = texts.get(key) ?? createText(boundary)
    texts.set(key, known)
    return known
  }

  /** What was held back of all texts, as events. */
  function* rest(): Generator<ModelEvent> {
    for (const [key, text] of texts) {
      const held = text.end()
      if (held === '') continue
      if (key === 'text' || key === 'reasoning') yield { type: key, text: held }
      else yield { type: 'tool_call_chunk', index: Number(key), id: '', name: '', args: held }
    }
    texts.clear()
  }

  return function* take(events: Iterable<ModelEvent>): Generator<ModelEvent> {
    for (const event of events) {
      if (event.type === 'text' || event.type === 'reasoning') {
        const text = of(event.type).take(event.text)
        if (text !== '') yield { ...event, text }
      } else if (event.type === 'tool_call_chunk') {
        const args = of(String(event.index)).take(event.args)
        if (args !== '' || event.id !== '' || event.name !== '' || event.args === '') yield { ...event, args }
      } else {
        yield* rest()
        yield event
      }
    }
  }
}

/** One growing text: gives what is surely not part of a mark, and holds back what may become one. */
function createText(boundary: string) {
  const marks = new RegExp(`</?(?:said|output)-${boundary}(?:[^<>]{0,${longestMark}}>)?|${boundary}`, 'g')
  const starts = ['<said-', '<output-', '</said-', '</output-'].map((start) => start + boundary)
  let held = ''

  /** Where the end of the text begins that may be the beginning of a mark. */
  function uncertain(text: string): number {
    const open = text.lastIndexOf('<')
    const tail = open < 0 ? '' : text.slice(open)
    const isOpen = starts.some((start) => start.startsWith(tail) || (tail.startsWith(start) && !tail.includes('>') && tail.length < longestMark))
    if (tail !== '' && isOpen) return open
    for (let length = Math.min(boundary.length - 1, text.length); length > 0; length--)
      if (text.endsWith(boundary.slice(0, length))) return text.length - length
    return text.length
  }

  return {
    take(text: string): string {
      const all = held + text
      const at = uncertain(all)
      held = all.slice(at)
      return all.slice(0, at).replace(marks, '')
    },
    end(): string {
      const rest = held.replace(marks, '')
      held = ''
      return rest
    },
  }
}
