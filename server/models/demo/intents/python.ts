import { fieldOf } from '../conversation.ts'
import type { Step } from '../conversation.ts'
import type { Intent } from '../intent.ts'
import { block, oneRound, unquote } from '../intent.ts'
import * as cells from '../python-cells.ts'
import { sumIn } from '../understanding/maths.ts'
import type { Request } from '../understanding/request.ts'
import type { Words } from '../words/en.ts'

/** `ends`: what to say of it once it is drawn; a figure that nobody asked for by name is just “the figure”. */
type Cell = { code: string; says: string; ends?: string; isSample?: boolean }

/** Code that the request itself holds, after "python". */
function given({ plain, text, commands }: Request): string | undefined {
  if (commands[0] !== undefined && /\bpython\b/i.test(plain)) return commands[0]
  const found =
    /^(?:please\s+)?(?:(?:run|execute|运行|执行)\s*(?:some\s+|this\s+)?)?(?:python|pyhton)\b\s*[:：]?\s*([\s\S]+)$/i.exec(text.trim())?.[1] ??
    /^(?:run|execute|evaluate)\s+([\s\S]+?)\s+(?:in|with|using)\s+python$/i.exec(plain)?.[1] ??
    /^用\s*python\s*(?:运行|执行)\s*([\s\S]+)$/i.exec(plain)?.[1]
  return found !== undefined && /[()=\n[\]]|\bimport\b/.test(found) ? unquote(found) : undefined
}

function cellOf(request: Request, say: Words): Cell {
  const code = given(request)
  if (code !== undefined) return { code, says: say.python.intro.run }
  return curveIn(request, say) ?? numbersIn(request, say) ?? chartIn(request, say)
}

function curveIn({ plain, expression }: Request, say: Words): Cell | undefined {
  const { intro } = say.python
  const graph = (expression: string, from: number, to: number): Cell => {
    const name = `y = ${expression.replaceAll('**', '^')}`
    return { code: cells.curve(name, expression, from, to), says: intro.graph, ends: say.python.graph(name) }
  }
  if (expression !== undefined) {
    const wavy = /sin|cos|tan/.test(expression)
    return graph(expression, wavy ? -10 : -5, wavy ? 10 : 5)
  }
  const named: [RegExp, string, number, number][] = [
    [/cosine|\bcos\b|余弦/i, 'cos(x)', 0, 12.6],
    [/tangent|\btan\b|正切/i, 'tan(x)', -4.6, 4.6],
    [/\bsine?\b|sine ?wave|sin wave|正弦/i, 'sin(x)', 0, 12.6],
    [/parabola|quadratic|抛物线/i, 'x**2', -5, 5],
    [/exponential|指数/i, 'exp(x)', -3, 3],
    [/logarithm|对数/i, 'log(x)', 0.05, 10],
  ]
  const found = named.find(([pattern]) => pattern.test(plain))
  return found && graph(found[1], found[2], found[3])
}

function numbersIn({ plain, numbers, has }: Request, say: Words): Cell | undefined {
  const says = say.python.intro.compute
  const count = Math.min(1000, Math.max(1, Math.round(numbers[0] ?? 10)))
  if (/primes?\b|质数|素数/i.test(plain)) return { code: cells.primes(count), says }
  if (/fibonacci|斐波那契/i.test(plain))
    return {
      code: cells.fibonacci(
        /up to|below|under|以内|不超过/i.test(plain) ? { upTo: Math.min(1e15, numbers[0] ?? 100) } : { count: Math.min(count, 300) },
      ),
      says,
    }
  if (/factorial|阶乘/i.test(plain)) return { code: cells.factorial(Math.min(count, 500)), says }
  if (/average|mean|平均/i.test(plain) && numbers.length > 1) return { code: cells.average(numbers), says }
  if (/square root|平方根/i.test(plain) && numbers[0] !== undefined) return { code: cells.squareRoot(numbers[0]), says }
  const sum = sumIn(plain)
  if (sum !== undefined && !has.has('chart')) return { code: cells.sum(sum), says }
  if (has.has('table') || /squares|平方/i.test(plain)) return { code: cells.table([say.python.number, say.python.square], Math.min(count, 50)), says }
  return undefined
}

/** Figures for a chart: those that the request gives, else made up, which is said. */
function chartIn({ plain, numbers }: Request, say: Words): Cell {
  const { python } = say
  const topic =
    /\b(?:of|for|about|showing)\s+(?:our |my |the |some )?(.+?)(?:\s+(?:with|in|using) .*)?$/i.exec(plain)?.[1]?.replace(/[.?!]$/, '') ?? python.made
  const own = numbers.length > 2
  const isPie = /\bpie\b|饼图/i.test(plain)
  const values = own ? numbers.slice(0, 6) : isPie ? [42, 25, 18, 15] : [12, 18, 9, 24, 20, 15]
  const labels = own ? values.map((_, at) => String(at + 1)) : isPie ? python.parts : python.months
  const what = { title: say.capital(topic), labels: labels.slice(0, values.length), values, inAll: python.inAll }
  const draw = isPie ? cells.pie : /\bline\b|折线|trend|over time/i.test(plain) ? cells.line : cells.bars
  return { code: draw(what), says: python.intro.chart, ends: python.chart, ...(!own && { isSample: true }) }
}

const said =
  ({ python }: Words, { ends, isSample = false }: Cell) =>
  ({ result }: Step): string => {
    const output = fieldOf(result, 'output')
    const figures = fieldOf(result, 'figures')
    const drawn = Array.isArray(figures) && figures.length > 0 ? (ends ?? python.figure) : ''
    const sample = isSample ? python.sample : ''
    // What a graph prints beside it is in its step.
    if (drawn !== '' && ends !== undefined) return [drawn, sample].filter((part) => part !== '').join(' ')
    const printed = typeof output === 'string' && output.trim() !== '' ? `${python.result}\n\n${block(output.slice(-1200))}` : ''
    return [drawn, printed].filter((part) => part !== '').join('\n\n') || python.ran
  }

export const python: Intent = {
  id: 'python',
  example: 'Run Python and draw a chart',
  exampleInChinese: '用 Python 画一张图表',
  cues: [
    '^draw chart|anExpression|maths +1',
    'draw chart|anExpression +0.75',
    'make|show chart|anExpression !page !aFile +0.25',
    'compute|show|make maths !page !desktop +0.25',
    'run|make|open|compute python !version !aFile',
    'compute someSum +1',
    'table maths +0.5',
    'anExpression',
    'draw python',
    '^python chart|maths|compute +0.5',
    'python table make|show',
  ],
  claims: (request) => (given(request) !== undefined ? 5.5 : sumIn(request.plain) === request.plain.replace(/[=?？\s]+$/u, '') ? 3 : 0),
  reply(task) {
    if (!task.tools.has('run_python')) return { text: task.say.python.none }
    const cell = cellOf(task.request, task.say)
    return oneRound(task, cell.says, [{ name: 'run_python', args: { code: cell.code } }], said(task.say, cell))
  },
}
