import { act, renderHook } from '@testing-library/react'
import { beforeEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { sessionItems } from '#shared/sessions/doc.ts'
import type { Addressee } from '#shared/sessions/addressing.ts'
import { clearStored } from '../offline/stored.ts'
import { ada, builder, ids, mei } from '../testing.tsx'
import { draftKey, patchDraft } from './drafts.ts'
import { carryAddressee, useAddressee } from './use-addressee.ts'

const draft = draftKey(ids.ada, ids.project, ids.session)
const people = [ada, mei]
const agents = [builder]
let doc: Y.Doc

const room = (mayAsk = true, of = draft) => renderHook(() => useAddressee({ doc, draft: of, meId: ids.ada, agents, people, mayAsk })).result
const write = (text: string) => act(() => patchDraft(draft, { text }))
const adaSaid = (to: Addressee) =>
  act(() => sessionItems(doc).push([{ type: 'message', id: ids.item(1), seq: 1, createdAt: 1, finishedAt: 1, author: ada, text: 'x', to }]))

beforeEach(() => {
  clearStored(() => false)
  patchDraft(draft, { text: '', files: [] })
  doc = new Y.Doc()
})

test('the choice outlives the page, and is of one session', () => {
  const here = room()
  expect(here.current.to).toBe('agent')
  act(() => here.current.choose('people'))
  expect(here.current.to).toBe('people')
  expect(room().current.to).toBe('people')
  expect(room(true, draftKey(ids.ada, ids.project, undefined)).current.to).toBe('agent')
})

test('on another device it is as Ada wrote last', () => {
  adaSaid('people')
  const here = room()
  expect(here.current.to).toBe('people')
  act(() => here.current.choose('agent'))
  expect(here.current.to).toBe('agent')
})

test('mentioning the agent writes to it, and it stays so once that is sent', () => {
  const here = room()
  act(() => here.current.choose('people'))
  write('@agent use blue')
  expect(here.current).toMatchObject({ to: 'agent', switched: true })
  act(() => here.current.settle())
  write('')
  expect(here.current).toMatchObject({ to: 'agent', switched: false })
})

test('people who are chosen after a mention of the agent read it; the next message may call it again', () => {
  const here = room()
  write('I think @Builder got this wrong')
  act(() => here.current.choose('people'))
  expect(here.current.to).toBe('people')
  write('')
  write('@Builder, why?')
  expect(here.current.to).toBe('agent')
})

test('a mention of Mei stays with the agent and names her; one in code names nobody', () => {
  const here = room()
  write('ask @Mei for the numbers')
  expect(here.current).toMatchObject({ to: 'agent', switched: false, mentioned: ['Mei'] })
  act(() => here.current.choose('people'))
  write('run `@agent @Mei`')
  expect(here.current).toMatchObject({ to: 'people', mentioned: [] })
})

test('a viewer writes to people, whatever they mention', () => {
  const here = room(false)
  write('@agent go')
  expect(here.current).toMatchObject({ to: 'people', switched: false })
})

test('what was chosen before there was a session goes into the one that is made', () => {
  const fresh = draftKey(ids.ada, ids.project, undefined)
  const before = room(true, fresh)
  act(() => before.current.choose('people'))
  act(() => carryAddressee(fresh, draft))
  expect(room().current.to).toBe('people')
  expect(room(true, fresh).current.to).toBe('agent')
})
