import { pythonLanguage } from '@codemirror/lang-python'
import { highlightCode, tagHighlighter, tags } from '@lezer/highlight'

const colours = tagHighlighter([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword], class: 'text-(--syn-keyword)' },
  { tag: [tags.string, tags.special(tags.string)], class: 'text-(--syn-string)' },
  { tag: [tags.number, tags.bool, tags.null], class: 'text-(--syn-number)' },
  { tag: [tags.className, tags.typeName, tags.definition(tags.className)], class: 'text-(--syn-type)' },
  { tag: tags.comment, class: 'text-(--syn-comment)' },
])

/** Code as pieces with the class that colours each. */
export function splitPython(code: string): { text: string; kind: string }[] {
  const pieces: { text: string; kind: string }[] = []
  highlightCode(
    code,
    pythonLanguage.parser.parse(code),
    colours,
    (text, kind) => pieces.push({ text, kind }),
    () => pieces.push({ text: '\n', kind: '' }),
  )
  return pieces
}
