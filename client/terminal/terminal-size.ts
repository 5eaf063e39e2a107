import type { TerminalSize } from '#shared/terminals/schema.ts'

export const terminalFont = { family: '"JetBrains Mono", ui-monospace, "SF Mono", Menlo, monospace', size: 12.5, lineHeight: 1.35 }

/** What stands around the characters, in CSS pixels: the space at the sides and the scroll bar; the tabs above, and space. */
const around = { across: 24 + 15, down: 40 + 16 }

/** How many columns and rows of a new terminal fit in a pane. Undefined where the pane is not laid out or fonts cannot be measured. */
export function sizeThatFits(pane: Element | null): TerminalSize | undefined {
  const { width = 0, height = 0 } = pane?.getBoundingClientRect() ?? {}
  const pen = document.createElement('canvas').getContext('2d')
  if (!pen || width === 0) return undefined
  pen.font = `${terminalFont.size}px ${terminalFont.family}`
  const cols = Math.floor((width - around.across) / pen.measureText('W').width)
  const rows = Math.floor((height - around.down) / Math.ceil(terminalFont.size * terminalFont.lineHeight))
  return { cols: Math.max(20, Math.min(500, cols)), rows: Math.max(5, Math.min(200, rows)) }
}
