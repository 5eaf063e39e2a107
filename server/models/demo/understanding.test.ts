import { expect, test } from 'vitest'
import { intentFor } from './answer.ts'
import { demoIntents } from './intents/all.ts'
import { moreWords } from './more-words.ts'
import { ownWords } from './own-words.ts'
import { isConcept } from './understanding/lexicon.ts'
import { facts } from './understanding/request.ts'
import type { Context } from './understanding/request.ts'
import { readCue } from './understanding/recognise.ts'

/** What is known in a conversation after these requests were done. */
function contextAfter(requests: readonly string[] = []): Context {
  const ids = requests.map((text) => intentFor(text).id)
  const page = ids.includes('build-page') ? { folder: 'tides', topic: 'tides' } : undefined
  return { page, file: page ? 'tides/index.html' : ids.length > 0 ? 'notes.md' : undefined, language: undefined }
}

const missed = (list: readonly { says: string; means: readonly string[]; after?: readonly string[] }[]) =>
  list.map(({ says, means, after }) => ({ says, means, as: intentFor(says, contextAfter(after)).id })).filter(({ means, as }) => !means.includes(as))

const told = (list: ReturnType<typeof missed>) => list.map(({ says, means, as }) => `“${says}” is ${as}, not ${means.join(' or ')}`).join('\n')

test('of sixty requests in own words at least fifty are understood', () => {
  const not = missed(ownWords)
  console.info(`${ownWords.length - not.length} of ${ownWords.length} requests in own words are understood.${not.length > 0 ? `\n${told(not)}` : ''}`)
  expect(ownWords).toHaveLength(60)
  expect(ownWords.length - not.length, told(not)).toBeGreaterThanOrEqual(50)
})

test('further wordings are understood, and what is none of its business is not', () => {
  expect(told(missed(moreWords))).toBe('')
})

test('every cue names what there is', () => {
  const named = demoIntents.flatMap(({ cues }) => cues.flatMap((cue) => readCue(cue).needs.flatMap(({ any }) => any)))
  expect(named.filter((name) => !isConcept(name) && !(facts as readonly string[]).includes(name))).toEqual([])
})
