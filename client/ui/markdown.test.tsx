import { render, screen } from '@testing-library/react'
import { marked } from 'marked'
import { expect, test, vi } from 'vitest'
import '../testing.tsx'
import { createBlockParser } from './markdown-blocks.ts'
import { Markdown } from './markdown.tsx'

test('what people and models write is text: no element of theirs, nothing fetched, nothing that runs', () => {
  const { container } = render(
    <Markdown
      text={'<img src="https://evil.example/a.png" onerror="x()">\n\n![chart](https://evil.example/b.png)\n\n[run](javascript:alert(1)) <b>hi</b>'}
    />,
  )
  expect(container.querySelectorAll('img, script, iframe, b')).toHaveLength(0)
  expect(screen.getByText('Picture: chart').getAttribute('href')).toBe('https://evil.example/b.png')
  expect(container.querySelectorAll('a[href^="javascript"]')).toHaveLength(0)
  expect(container.textContent).toContain('onerror')
})

test('entities are the characters they stand for, and code is left as it is', () => {
  const { container } = render(<Markdown text={'a &lt; b & `x && y`'} />)
  expect(container.textContent).toBe('a < b & x && y')
})

test('text that grows shows the same as text that came at once', () => {
  const text =
    '# Tides\n\nThe **moon**\ndoes it.\n\n- one\n- two\n  - deep\n\n```ts\nconst a = 1\n\nconst b = 2\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd.'
  const whole = render(<Markdown text={text} />).container.innerHTML
  const parse = createBlockParser()
  for (let at = 1; at <= text.length; at += 3) parse(text.slice(0, at))
  const grown = parse(text)
  expect(grown.map((block) => block.token.raw.trim())).toEqual(createBlockParser()(text).map((block) => block.token.raw.trim()))
  const { container, rerender } = render(<Markdown text="" />)
  for (let at = 1; at <= text.length; at += 7) rerender(<Markdown text={text.slice(0, at)} />)
  rerender(<Markdown text={text} />)
  expect(container.innerHTML).toBe(whole)
})

test('the cost of growth follows the growth, not the text', () => {
  const lexer = vi.spyOn(marked, 'lexer')
  const parse = createBlockParser()
  let text = ''
  for (let i = 0; i < 400; i += 1) {
    text += `Paragraph ${i} says something about the tide.\n\n`
    parse(text)
  }
  const lexed = lexer.mock.calls.reduce((sum, [source]) => sum + source.length, 0)
  expect(lexed).toBeLessThan(text.length * 4)
  lexer.mockRestore()
})
