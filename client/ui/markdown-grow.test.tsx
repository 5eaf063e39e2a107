import { render, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import '../testing.tsx'
import { createBlockParser } from './markdown-blocks.ts'
import { closeOpen } from './markdown-open.ts'
import { Markdown } from './markdown.tsx'

const text =
  '# Tides\n\nThe **moon** does it, see [the book](https://tides.example/book?a=1) and `code`.\n\n- one\n- two *three*\n\n```ts\nconst a = 1\n\nconst b = 2\n```\n\n| port | high |\n|---|---|\n| Brest | 6.2 |\n\n- [x] done\n- [ ] open\n\nEnd.'

test('the elements of what is finished are kept while text grows behind them, and when it ends', () => {
  const { container, rerender } = render(<Markdown text="" growing />)
  const kept = new Map<number, Element>()
  for (let at = 1; at <= text.length; at += 1) {
    rerender(<Markdown text={text.slice(0, at)} growing />)
    const blocks = [...(container.firstElementChild?.children ?? [])]
    for (const [index, block] of blocks.slice(0, -1).entries()) {
      kept.set(index, kept.get(index) ?? block)
      expect(block, `block ${index} at ${at}`).toBe(kept.get(index))
    }
  }
  rerender(<Markdown text={text} />)
  for (const [index, block] of kept) expect(container.firstElementChild?.children[index]).toBe(block)
  expect(container.innerHTML).toBe(render(<Markdown text={text} />).container.innerHTML)
})

test('nothing is shown as something that it will not be', () => {
  const { container, rerender } = render(<Markdown text="" growing />)
  const seen = new Set<string>()
  for (let at = 1; at <= text.length; at += 1) {
    rerender(<Markdown text={text.slice(0, at)} growing />)
    for (const block of container.querySelectorAll('p, li, td, th, h1')) seen.add(block.textContent ?? '')
  }
  for (const shown of seen) expect(shown, JSON.stringify(shown)).not.toMatch(/\*\*|\]\(|^\||```|---|^#|\[ ?$/)
})

test.each([
  ['an **open', 'an **open**'],
  ['half closed **bold*', 'half closed **bold**'],
  ['a mark alone **', 'a mark alone '],
  ['a [link', 'a link'],
  ['a [link](https://x', 'a link'],
  ['a `code', 'a `code`'],
  ['1 * 2 is 2', '1 * 2 is 2'],
  ['| a | b', '| a | b |\n| --- | --- |'],
  ['text\n-', 'text\n'],
  ['```ts\nlet a\n``', '```ts\nlet a'],
  ['```\n**not bold', '```\n**not bold'],
])('%j shows as %j', (tail, shown) => {
  expect(closeOpen(tail)).toBe(shown)
})

test('parsing what grows costs what was added, also while its end is closed for showing', () => {
  const parse = createBlockParser()
  let grown = ''
  for (let i = 0; i < 200; i += 1) {
    grown += `Paragraph ${i} says **something** about the tide.\n\n`
    parse(grown, true)
  }
  expect(parse(grown, true)).toHaveLength(200)
  expect(parse(grown).map((block) => block.token.raw.trim())).toEqual(createBlockParser()(grown).map((block) => block.token.raw.trim()))
})

test('code gets its colours once they are loaded, in the same element, and is copied as it is', async () => {
  const { container } = render(<Markdown text={'```ts\nconst a = "x"\n```'} />)
  const code = container.querySelector('code')
  expect(code?.textContent).toBe('const a = "x"')
  await waitFor(() => expect(container.querySelector('.syn-keyword')?.textContent).toBe('const'))
  expect(container.querySelector('code')).toBe(code)
  expect(code?.textContent).toBe('const a = "x"')
  const user = userEvent.setup()
  const copied = vi.spyOn(navigator.clipboard, 'writeText')
  await user.click(screen.getByRole('button', { name: 'Copy' }))
  expect(copied).toHaveBeenCalledWith('const a = "x"')
  expect(await screen.findByRole('button', { name: 'Copied' })).toBeDefined()
})
