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

test.each([
  ['是**“潮汐”**的', '是<strong>“潮汐”</strong>的'],
  ['**该星号是粗体。**这是因为', '<strong>该星号是粗体。</strong>这是因为'],
  ['这是**（重要）**，也是*《潮》*吧', '这是<strong>（重要）</strong>，也是<em>《潮》</em>吧'],
  ['これは**「状態」**です', 'これは<strong>「状態」</strong>です'],
  ['이것은**"조수"**입니다', '이것은<strong>"조수"</strong>입니다'],
  ['用**`ls -l`**看', '用<strong><code>ls -l</code></strong>看'],
  ['把~~“旧”~~换成新', '把<del>“旧”</del>换成新'],
  ['5~7 米，100~200 倍', '5~7 米，100~200 倍'],
  ['~one~ and ~~two~~', '~one~ and <del>two</del>'],
  ['乘 2 ** 3 ** 4', '乘 2 ** 3 ** 4'],
  ['潮*汐*潮', '潮<em>汐</em>潮'],
  ['a**"b"**c', 'a**"b"**c'],
  ['\\*\\*不是“粗”\\*\\*的', '**不是“粗”**的'],
])('%s', (text, html) => {
  expect(render(<Markdown text={text} />).container.querySelector('p')?.innerHTML).toBe(html)
})

test('marks in Chinese are not shown while their words come', () => {
  const text = '是**“潮汐”**的，~~“旧”~~了'
  const { container, rerender } = render(<Markdown text="" growing />)
  for (let at = 1; at <= text.length; at += 1) {
    rerender(<Markdown text={text.slice(0, at)} growing />)
    expect(container.textContent, text.slice(0, at)).not.toMatch(/\*\*\*|\*\*[^“]|~~~/)
  }
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
