import { fieldOf } from '../conversation.ts'
import type { Step } from '../conversation.ts'
import type { Intent } from '../intent.ts'
import { block, oneRound, unquote } from '../intent.ts'

const wish =
  /^(?:please\s+)?(?:(?:run|execute)\s+(?:some\s+|this\s+)?python\b\s*:?\s*([\s\S]*)|(?:draw|plot)\s+(?:me\s+)?a\s+(?:chart|figure|plot)\b.*)$/i

/** A chart made with the standard library alone: it shows in any sandbox. */
const chart = `values = {"Jan": 12, "Feb": 18, "Mar": 9, "Apr": 24}

class Bars:
    def _repr_svg_(self):
        bars = "".join(
            f'<rect x="{20 + i * 70}" y="{130 - v * 5}" width="50" height="{v * 5}" fill="#4f81bd"/>'
            f'<text x="{45 + i * 70}" y="148" font-size="12" text-anchor="middle" fill="#555">{k}</text>'
            for i, (k, v) in enumerate(values.items()))
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 310 156" width="310" height="156">{bars}</svg>'

print(sum(values.values()), "in all")
Bars()`

export const python: Intent = {
  id: 'python',
  example: 'Run Python and draw a chart',
  does: 'Runs a cell in the room’s shared Python and shows a figure in the tab Python; Builder asks the room first.',
  matches: (text) => wish.test(text),
  reply(conversation) {
    if (!conversation.tools.has('run_python')) return { text: 'I have no Python in this room.' }
    const given = unquote(wish.exec(conversation.task.text)?.[1] ?? '')
    const code = given === '' || /^and (?:draw|plot)\b/i.test(given) ? chart : given
    return oneRound(conversation, 'I run a cell of Python.', [{ name: 'run_python', args: { code } }], said)
  },
}

function said({ result }: Step): string {
  const output = fieldOf(result, 'output')
  const figures = fieldOf(result, 'figures')
  const shown = Array.isArray(figures) && figures.length > 0 ? ' The figure is in the tab Python.' : ''
  return typeof output === 'string' && output.trim() !== ''
    ? `The cell ran.${shown} It printed:\n\n${block(output.slice(-1200))}`
    : `The cell ran.${shown}`
}
