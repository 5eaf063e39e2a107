import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from 'oxc-parser'
import { expect, test } from 'vitest'

/** Attributes and options whose value people read or hear. */
const spoken =
  /^(aria-(label|description|placeholder|roledescription|valuetext)|title|placeholder|alt|label|text|hint|description|message|tooltip|heading|emptyText)$/

/** What reads the same in every language. */
const universal = new Set(['Atrium', 'Markdown', 'Python', 'CSV', 'PDF', 'JSON', 'Esc', 'Ctrl'])

type Node = { type: string; start: number; [key: string]: unknown }
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'

const isWords = (text: string) => /\p{L}{2}/u.test(text) && !universal.has(text.trim())

/** Words in the source that people would see: in an element, in a spoken attribute or property, or said in a notice. */
export function hardCoded(file: string, source: string): string[] {
  const found: string[] = []
  const report = (text: string, node: Node) => {
    if (isWords(text)) found.push(`${source.slice(0, node.start).split('\n').length}: ${text.trim()}`)
  }
  const literalsOf = (node: unknown): void => {
    if (!isNode(node)) return
    if (node.type === 'Literal' && typeof node.value === 'string') report(node.value, node)
    else if (node.type === 'TemplateLiteral') {
      for (const part of node.quasis as { value: { cooked: string } }[]) report(part.value.cooked, node)
    } else if (node.type === 'ConditionalExpression') [node.consequent, node.alternate].forEach(literalsOf)
    else if (node.type === 'LogicalExpression') [node.left, node.right].forEach(literalsOf)
    else if (node.type === 'JSXExpressionContainer') literalsOf(node.expression)
  }
  const visit = (node: Node) => {
    if (node.type === 'JSXText') report(node.value as string, node)
    if (node.type === 'JSXExpressionContainer') literalsOf(node.expression)
    if (node.type === 'JSXAttribute') {
      const name = (node.name as Node).name
      if (typeof name === 'string' && spoken.test(name)) literalsOf(node.value)
      if (isNode(node.value) && node.value.type === 'JSXExpressionContainer' && isNode(node.value.expression)) visitAll(node.value.expression)
      return
    }
    if (node.type === 'Property' && isNode(node.key) && /^class(Name|Names)$/.test(String(node.key.name))) return
    if (node.type === 'Property' && isNode(node.key) && spoken.test(String(node.key.name ?? node.key.value))) literalsOf(node.value)
    if (
      node.type === 'CallExpression' &&
      /^(notify(\.\w+)?|announce)$/.test(source.slice((node.callee as Node).start, (node.callee as Node & { end: number }).end))
    ) {
      literalsOf((node.arguments as unknown[])[0])
    }
    visitAll(node)
  }
  const visitAll = (node: Node) => {
    for (const value of Object.values(node)) {
      if (isNode(value)) visit(value)
      else if (Array.isArray(value)) for (const one of value) if (isNode(one)) visit(one)
    }
  }
  visit(parseSync(file, source).program as unknown as Node)
  return found
}

const client = join(import.meta.dirname, '..')
const files = readdirSync(client, { recursive: true, encoding: 'utf8' }).filter(
  (file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|^testing|^i18n\//.test(file),
)

test('the check finds words where they are', () => {
  const source =
    '<A title="Two words" n="no"><b>Hello</b>{open ? "Close it" : t("x")}</A>; notify.error(`Not ${x} sent`); const o = { label: "Queue" }'
  expect(hardCoded('planted.tsx', source)).toHaveLength(6)
  expect(hardCoded('clean.tsx', '<A title={t("x")} className="flex gap" key="a">{t("y")} · 4</A>')).toEqual([])
  expect(files.length).toBeGreaterThan(80)
})

test.each(files)('%s says nothing in one language only', (file) => {
  expect(hardCoded(file, readFileSync(join(client, file), 'utf8'))).toEqual([])
})
