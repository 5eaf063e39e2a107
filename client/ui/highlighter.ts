import { cssLanguage } from '@codemirror/lang-css'
import { htmlLanguage } from '@codemirror/lang-html'
import { javascriptLanguage, jsxLanguage, tsxLanguage, typescriptLanguage } from '@codemirror/lang-javascript'
import { jsonLanguage } from '@codemirror/lang-json'
import { markdownLanguage } from '@codemirror/lang-markdown'
import { pythonLanguage } from '@codemirror/lang-python'
import type { LRLanguage } from '@codemirror/language'
import { highlightCode, tagHighlighter, tags } from '@lezer/highlight'
import type { CodeLanguage, Token } from './code-language.ts'

const looks = tagHighlighter([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword], class: 'syn-keyword' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.attributeValue], class: 'syn-string' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], class: 'syn-number' },
  { tag: [tags.typeName, tags.className, tags.tagName, tags.propertyName, tags.definition(tags.typeName)], class: 'syn-type' },
  { tag: [tags.comment, tags.meta], class: 'syn-comment' },
  { tag: tags.heading, class: 'syn-keyword' },
])

const parsers: Record<CodeLanguage, Pick<LRLanguage, 'parser'> | typeof markdownLanguage> = {
  js: javascriptLanguage,
  jsx: jsxLanguage,
  ts: typescriptLanguage,
  tsx: tsxLanguage,
  py: pythonLanguage,
  json: jsonLanguage,
  css: cssLanguage,
  html: htmlLanguage,
  md: markdownLanguage,
}

/** Lines of code as stretches of one colour. */
export function highlightLines(code: string, language: CodeLanguage): Token[][] {
  const lines: Token[][] = [[]]
  highlightCode(
    code,
    parsers[language].parser.parse(code),
    looks,
    (text, className) => lines.at(-1)?.push({ text, className }),
    () => lines.push([]),
  )
  return lines
}
