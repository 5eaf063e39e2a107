import { wellFormed, wellFormedJson } from './text.ts'

const escapedSurrogate = /\\u(?:d[89a-f]|0000)/i

/**
 * The arguments of a call as the text of a JSON object. What is none stays to be read, under a name that says so; an object
 * stays as the model wrote it, unless a text within it is broken.
 */
export function callArgs(args: string): string {
  const text = wellFormed(args)
  if (text.trim() === '') return '{}'
  const value = read(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify({ invalid: wellFormedJson(value ?? text) })
  return escapedSurrogate.test(text) ? JSON.stringify(wellFormedJson(value)) : text
}

function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
