/*
 * Small languages inside a command: only what surely does nothing else is let through.
 */

/** What a script of `sed` does beside printing. `runs`: it may start a program, or cannot be read. */
export function judgeSed(script: string): 'prints' | 'writes' | 'runs' {
  const rest = withoutSubstitutions(script)
  if (!rest || rest.flags.some((flags) => /[eE]/.test(flags))) return 'runs'
  if (rest.flags.some((flags) => /w/.test(flags))) return 'writes'
  const address = String.raw`(\d+|\$|\/(\\.|[^\/\n])*\/I?|\d+~\d+)`
  const command = new RegExp(
    String.raw`^\s*(${address}(,(${address}|[+~]\d+))?)?\s*!?\s*([pdqQDPNGHhgnxlz=}]|\{|q\d+|[bt]\s*\w*|:\s*\w+|[aic]\\?.*|y.*)?\s*$`,
  )
  return rest.text.split(/[;\n]|(?<=\{)|(?=\})/).every((line) => command.test(line)) ? 'prints' : 'runs'
}

/** The script with each `s/a/b/flags` taken out; undefined when one has no end. */
function withoutSubstitutions(script: string): { text: string; flags: string[] } | undefined {
  const flags: string[] = []
  let text = ''
  for (let at = 0; at < script.length; at += 1) {
    const before = script[at - 1]
    const mark = script[at + 1]
    const begins = script[at] === 's' && mark !== undefined && !/[\w\s;}\\]/.test(mark) && (before === undefined || /[;{}\n!,/$\d\sI]/.test(before))
    if (!begins) {
      text += script[at]
      continue
    }
    let ends = 0
    let to = at + 2
    for (; to < script.length && ends < 2; to += 1) {
      if (script[to] === '\\') to += 1
      else if (script[to] === mark) ends += 1
    }
    if (ends < 2) return undefined
    const found = /^[^;\n}]*/.exec(script.slice(to))?.[0] ?? ''
    flags.push(found)
    at = to + found.length - 1
  }
  return { text, flags }
}

/** What a program of `awk` does beside printing. */
export function judgeAwk(program: string): 'prints' | 'writes' | 'runs' {
  // Without its texts and patterns, so that what they hold is not taken for code; calls and pipes stand outside of them.
  const code = program.replace(/"(\\.|[^"\\])*"/g, '""')
  if (/\bsystem\s*\(|\|&?\s*getline|@(load|include)|\|\s*""|""\s*\|(?!\|)|\|&/.test(code) || /\bprintf?\b[^;}\n]*(?<!\|)\|(?!\|)/.test(code))
    return 'runs'
  return /\bprintf?\b[^;}\n]*>/.test(code) ? 'writes' : 'prints'
}

/** Whether code in another language than Python may do more than compute: start programs, reach files or the network. */
export const mayAct = (code: string): boolean =>
  /\b(system|exec\w*|spawn\w*|popen|fork|unlink\w*|rmdir|rmtree|rm|rename|chmod|chown|kill|truncate|eval|require|import|child_process|process\.binding|fs|net|https?|fetch|socket|Deno|Bun|IO|File|FileUtils|Dir|Kernel|open\w*|file_put_contents|passthru|shell_exec|proc_open|curl\w*|os\.|io\.|qx)\b|`/.test(
    code,
  )
