/**
 * The end of a text that is still coming, so that it already looks as it will: open emphasis, code and links are closed, a
 * table begins with its first row, and signs that may become something else wait. Only for showing: the text itself stays.
 * @param tail from the start of its last block on
 */
export function closeOpen(tail: string): string {
  const fence = openFence(tail)
  // The last line may be the fence's end.
  if (fence) return tail.replace(/\n[ \t]*(`{1,}|~{1,})$/, (found, marks: string) => (fence.startsWith(marks) ? '' : found))
  const cut = tail.lastIndexOf('\n') + 1
  const line = tail.slice(cut)
  const waiting = waitsForMore(line) ? '' : line
  const before = tail.slice(0, cut)
  if (waiting.trimStart().startsWith('|') || /(^|\n)\s*\|[^\n]*\n$/.test(before)) return closeTable(before + waiting)
  return before + closeInline(waiting, paragraphOf(before))
}

/** Whether an unfinished line may become a list, a heading, a rule, a quote or a fence: it shows once it is known. */
const waitsForMore = (line: string) => /^\s*(#{1,6}|[-*+]|[-*_](\s*[-*_])+|=+|\d{1,9}[.)]?|`{1,3}|~{1,3}|>|\|)\s*$/.test(line)

function openFence(tail: string): string | undefined {
  let open: string | undefined
  const lines = tail.split('\n')
  for (const [at, line] of lines.entries()) {
    const marks = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line)
    if (!marks?.[1]) continue
    if (!open) open = marks[1]
    else if (marks[1][0] === open[0] && marks[1].length >= open.length && marks[2]?.trim() === '' && at < lines.length) open = undefined
  }
  return open
}

const paragraphOf = (before: string) => before.slice(before.lastIndexOf('\n\n') + 1)

/** A first row alone is no table yet for the parser: the line below it is added. A row that is not closed is. */
function closeTable(text: string): string {
  const lines = text.replace(/\n$/, '').split('\n')
  const start = lines.findLastIndex((line) => !line.trimStart().startsWith('|')) + 1
  const head = lines[start]
  if (head === undefined) return text
  const columns = Math.max(
    1,
    head
      .replace(/^\s*\|/, '')
      .replace(/\|\s*$/, '')
      .split('|').length,
  )
  const rule = `|${' --- |'.repeat(columns)}`
  const second = lines[start + 1]
  if (second === undefined || /^\s*\|?[\s:|-]*$/.test(second)) {
    const whole =
      second !== undefined && second.split('-').length > columns && (second.match(/-/g) ?? []).length >= columns && start + 1 < lines.length - 1
    if (!whole) return [...lines.slice(0, start), /\|\s*$/.test(head.slice(1)) ? head : `${head} |`, rule].join('\n')
  }
  return text
}

/** Closes what is open in the last line, given the paragraph's lines before it. */
function closeInline(line: string, before: string): string {
  const all = before + line
  const ticks = (all.match(/`/g) ?? []).length
  if (ticks % 2 === 1) return line.endsWith('`') ? line.slice(0, -1) : `${line}\``
  let shown = line
    // A link whose address is still coming is its text.
    .replace(/!?\[([^\][\n]*)\]\([^()\s]*$/, '$1')
    .replace(/!?\[([^\][\n]*)\]?$/, '$1')
  // Marks without a word behind them wait.
  shown = shown.replace(/(^|[\s(]|[^\p{ASCII}])(\*{1,3}|_{1,3}|~{1,2})$/u, '$1')
  const text = (before + shown).replace(/`[^`]*`/g, '')
  for (const mark of ['**', '~~'] as const) {
    const count = text.split(mark).length - 1
    if (count % 2 === 1) {
      // Half of the closing mark may be there.
      const half = mark[0] ?? ''
      return shown.endsWith(half) && !shown.endsWith(mark) ? `${shown}${half}` : `${shown.replace(/\s+$/, '')}${mark}`
    }
  }
  const single = text.replace(/\*\*/g, '')
  const stars = (single.match(/(?<![\s*])\*|\*(?![\s*])/g) ?? []).length
  if (stars % 2 === 1 && /(?:^|[\s(])\*\S/.test(single)) return `${shown.replace(/\s+$/, '')}*`
  return shown
}
