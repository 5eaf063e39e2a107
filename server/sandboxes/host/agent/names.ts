/*
 * Names as text. A disk's names are bytes; where they are UTF-8, the text is that. A byte that belongs to no UTF-8 is written
 * `\x` and two hex digits, as Python and Bash write it: `caf\xe9.txt`. So that no two names have one text, the backslash of a
 * name that holds such signs as signs is written `\x5c`.
 */

const escape = /\\x(5c|[89a-f][0-9a-f])/g
const signs = /\\(?=x(?:5c|[89a-f][0-9a-f]))/g
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const decoded = (bytes: Uint8Array): string | undefined => {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

/** How many bytes a sequence has by its first one; 0 for one that begins none. */
const lengthFrom = (first: number) => (first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0)

/** The text of a name, or of a path. */
export function textOfName(bytes: Uint8Array): string {
  const whole = decoded(bytes)
  if (whole !== undefined) return whole.replace(signs, String.raw`\x5c`)
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const length = lengthFrom(bytes[at] ?? 0)
    const sign = length > 0 && at + length <= bytes.length ? decoded(bytes.subarray(at, at + length)) : undefined
    // A sign of several bytes cannot be one of an escape.
    if (sign === undefined) text += `\\x${(bytes[at] ?? 0).toString(16)}`
    else if (sign === '\\' && /^x(?:5c|[89a-f][0-9a-f])/.test(Buffer.from(bytes.subarray(at + 1, at + 4)).toString('latin1')))
      text += String.raw`\x5c`
    else text += sign
    at += sign === undefined ? 1 : length
  }
  return text
}

/**
 * What the disk calls a path: itself, or bytes where its text holds escapes.
 * @throws Error `EINVAL` for a text that no path has, as an escape of what is UTF-8
 */
export function diskPath(path: string): string | Buffer {
  if (path.search(escape) < 0) return path
  const parts: Buffer[] = []
  let at = 0
  for (const { 0: whole, 1: hex = '', index } of path.matchAll(escape)) {
    parts.push(Buffer.from(path.slice(at, index)), Buffer.from(hex, 'hex'))
    at = index + whole.length
  }
  const bytes = Buffer.concat([...parts, Buffer.from(path.slice(at))])
  if (textOfName(bytes) !== path) throw Object.assign(new Error('the path escapes what needs no escape'), { code: 'EINVAL' })
  return bytes
}

/** Whether a path can be told to what takes text alone: the text of it, or undefined. */
export function plainPath(path: string): string | undefined {
  const raw = diskPath(path)
  return typeof raw === 'string' ? raw : decoded(raw)
}
