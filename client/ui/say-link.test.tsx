import { render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { expect, test, vi } from 'vitest'
import '../testing.tsx'
import { Markdown } from './markdown.tsx'
import { OfferContext, requestsIn, withoutOffers } from './say-link.tsx'

const text = 'What next?\n\n- [Plan a launch party](say:)\n- [Run the tests](say:)'
const offered = (written: string, say?: (text: string) => void) => (
  <OfferContext value={{ requests: requestsIn(written), say }}>
    <Markdown text={written} />
  </OfferContext>
)

test('a press sends what the button is called', async () => {
  const say = vi.fn<(text: string) => void>()
  render(offered(text, say))
  await userEvent.click(screen.getByRole('button', { name: 'Plan a launch party' }))
  expect(say.mock.calls).toEqual([['Plan a launch party']])
})

test('it is text for whoever may not ask the agent, and in what people write', () => {
  const { container } = render(offered(text))
  expect(container.textContent).toContain('Run the tests')
  expect(screen.queryByRole('button')).toBeNull()
  const written = render(<Markdown text={text} />)
  expect(written.container.querySelector('button, a')).toBeNull()
})

test('at most five, short and plain; anything else stays text, and an address after the colon counts for nothing', () => {
  const many = Array.from({ length: 9 }, (_, at) => `- [Request ${at}](say:)`).join('\n')
  render(offered(many, () => undefined))
  expect(screen.getAllByRole('button')).toHaveLength(5)
  const odd = render(offered(`[**bold**](say:) [${'x'.repeat(121)}](say:) [hidden](say:rm) [\`code\`](say:) [a](javascript:x)`, () => undefined))
  expect(odd.container.querySelector('button, a')).toBeNull()
})

test('what is read out has the words of what is offered, not their markup', () => {
  expect(withoutOffers(text)).toBe('What next?\n\n- Plan a launch party\n- Run the tests')
})
