export type PythonString = { text: string; from: number; to: number }
/** One argument of a call; `text` where it is a plain string. */
export type PythonArgument = { name: string | undefined; text: string | undefined }

export type PythonText = {
  /** The code with comments and what stands in its strings blanked out, position by position. Code within f-strings stays. */
  code: string
  strings: readonly PythonString[]
  /** A string that does not end. */
  open: boolean
  /** The arguments of a call, from behind its parenthesis. */
  argumentsAt(from: number): PythonArgument[]
}

/** Takes Python apart into code and strings. Pure; never throws. */
export function readPythonText(source: string): PythonText {
  const code = source.split('')
  const strings: PythonString[] = []
  let open = false
  const blank = (from: number, to: number) => {
    for (let at = from; at < to && at < code.length; at += 1) if (code[at] !== '\n') code[at] = ' '
  }
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at]
    if (char === '#') {
      const end = source.indexOf('\n', at)
      blank(at, end < 0 ? source.length : end)
      at = end < 0 ? source.length : end
    } else if (char === '"' || char === "'") {
      const prefix = /[a-zA-Z]{0,2}$/.exec(source.slice(Math.max(0, at - 2), at))?.[0].toLowerCase() ?? ''
      const mark = source.startsWith(char.repeat(3), at) ? char.repeat(3) : char
      const end = endOf(source, at + mark.length, mark)
      if (end === undefined) open = true
      const to = end ?? source.length
      const inside = source.slice(at + mark.length, to)
      if (/f/.test(prefix)) blankAround(inside, at + mark.length, blank)
      else {
        blank(at + mark.length, to)
        strings.push({ text: /r/.test(prefix) ? inside : unescape(inside), from: at, to: to + mark.length })
      }
      at = to + mark.length - 1
    }
  }
  const text = code.join('')
  return { code: text, strings, open, argumentsAt: (from) => argumentsAt(text, strings, from) }
}

function endOf(source: string, from: number, mark: string): number | undefined {
  for (let at = from; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1
    else if (mark.length === 1 && source[at] === '\n') return undefined
    else if (source.startsWith(mark, at)) return at
  }
  return undefined
}

/** Of an f-string only what stands in its braces is code. */
function blankAround(inside: string, offset: number, blank: (from: number, to: number) => void): void {
  let depth = 0
  for (let at = 0; at < inside.length; at += 1) {
    const char = inside[at]
    if (depth === 0 && char === '{' && inside[at + 1] === '{') {
      blank(offset + at, offset + at + 2)
      at += 1
    } else if (char === '{') depth += 1
    else if (char === '}') depth = Math.max(0, depth - 1)
    else if (depth === 0) blank(offset + at, offset + at + 1)
  }
}

const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' }
const unescape = (text: string) =>
  text.replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|[0-7]{1,3}|.)/gs, (_, code: string) => {
    if (/^[xu]/.test(code)) return String.fromCodePoint(Number.parseInt(code.slice(1), 16))
    if (/^[0-7]/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8))
    return escapes[code] ?? code
  })

function argumentsAt(code: string, strings: readonly PythonString[], from: number): PythonArgument[] {
  const found: PythonArgument[] = []
  let depth = 0
  let begin = from
  const add = (to: number) => {
    const raw = code.slice(begin, to)
    const name = /^\s*(\w+)\s*=(?!=)/.exec(raw)?.[1]
    const value = raw.replace(/^\s*\w+\s*=(?!=)/, '')
    if (raw.trim() !== '') found.push({ name, text: plainString(value, begin + raw.length - value.length, strings) })
    begin = to + 1
  }
  for (let at = from; at < code.length; at += 1) {
    const char = code[at] ?? ''
    if (depth === 0 && char === ')') {
      add(at)
      return found
    }
    if (depth === 0 && char === ',') add(at)
    else if ('([{'.includes(char)) depth += 1
    else if (')]}'.includes(char)) depth -= 1
  }
  return found
}

function plainString(value: string, from: number, strings: readonly PythonString[]): string | undefined {
  if (!/^\s*[rbuRBU]{0,2}(["']).*\1\s*$/s.test(value)) return undefined
  const inside = strings.filter((one) => one.from >= from && one.to <= from + value.length)
  return inside.length === 1 ? inside[0]?.text : undefined
}
