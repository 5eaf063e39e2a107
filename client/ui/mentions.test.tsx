import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { Markdown } from './markdown.tsx'
import { MentionMarks } from './mentions.tsx'
import '../testing.tsx'

const marked = [
  { id: 'builder', name: 'Builder' },
  { id: 'mei', name: 'Mei Tanaka', colour: 'teal' },
  { id: 'zhang', name: '张伟', colour: 'plum', self: true },
]
const marks = (text: string) => {
  const { container, unmount } = render(
    <MentionMarks marked={marked}>
      <Markdown text={text} />
    </MentionMarks>,
  )
  const found = [...container.querySelectorAll('.mention')].map((mark) => `${mark.textContent}${mark.matches('.mention-self') ? ' (you)' : ''}`)
  expect(container.textContent?.replaceAll(/\s+/g, '')).toBe(text.replaceAll(/[\s*`]|^[-#>]|sh$/gm, ''))
  unmount()
  return found
}

test('people and agents are marked by name, also in the midst of emphasis, lists and Chinese', () => {
  expect(marks('@Mei Tanaka, ask **@Builder** again')).toEqual(['@Mei Tanaka', '@Builder'])
  expect(marks('- 请@张伟看一下')).toEqual(['@张伟 (you)'])
})

test('nothing is marked in code, in an address, or where nobody has that name', () => {
  expect(marks('`@Builder` and ada@builder.example and @builders and @Tomas')).toEqual([])
  expect(marks('```\n@Builder\n```')).toEqual([])
})

test('a text with nobody to mark is as it was', () => {
  render(<Markdown text="@Builder hello" />)
  expect(screen.getByText('@Builder hello')).toBeDefined()
})
