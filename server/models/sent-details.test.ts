import { expect, test } from 'vitest'
import { createSentDetails } from './sent-details.ts'

test('blocks that come in pieces are put together, and go with the first call', () => {
  const details = createSentDetails()
  details.take({ reasoning_details: [{ type: 'reasoning.text', index: 0, text: 'I ', signature: null }] })
  details.take({
    reasoning_details: [
      { type: 'reasoning.text', index: 0, text: 'think.' },
      { type: 'reasoning.encrypted', index: 1, data: 'x' },
    ],
  })
  details.take({ reasoning_details: [{ type: 'reasoning.encrypted', index: 1, data: 'y', id: 'r1' }] })
  expect(details.of([undefined, { google: { thought_signature: 's' } }, undefined])).toEqual([
    {
      answer: {
        reasoning_details: [
          { type: 'reasoning.text', index: 0, text: 'I think.', signature: null },
          { type: 'reasoning.encrypted', index: 1, data: 'xy', id: 'r1' },
        ],
      },
    },
    { call: { extra_content: { google: { thought_signature: 's' } } } },
    undefined,
  ])
})

test('what is too long to be kept is left out whole, and nothing is nothing', () => {
  const details = createSentDetails()
  expect(details.of([undefined])).toEqual([undefined])
  expect(details.of([{ google: { thought_signature: 'x'.repeat(70_000) } }])).toEqual([undefined])
})
