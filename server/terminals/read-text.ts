import type { TerminalSize } from '#shared/terminals/schema.ts'

/** The last lines of what a terminal shows, without colours; lines that the terminal wrapped are whole again. */
export async function readText(bytes: Uint8Array, size: TerminalSize, lines: number): Promise<{ text: string; lines: number }> {
  // Loaded with its first use: nothing else in the server needs a terminal's grammar.
  const { default: headless } = await import('@xterm/headless')
  const terminal = new headless.Terminal({ ...size, scrollback: 10_000, allowProposedApi: true })
  await new Promise<void>((resolve) => terminal.write(bytes, resolve))
  const { active } = terminal.buffer
  const found: string[] = []
  for (let at = 0; at < active.length; at++) {
    const line = active.getLine(at)
    if (!line) continue
    const text = line.translateToString(!active.getLine(at + 1)?.isWrapped)
    if (line.isWrapped && found.length > 0) found[found.length - 1] += text
    else found.push(text)
  }
  terminal.dispose()
  while (found.length > 0 && found.at(-1)?.trim() === '') found.pop()
  const last = found.slice(-lines)
  return { text: last.join('\n'), lines: last.length }
}
