import { useCallback, useMemo, useState } from 'react'
import type * as Y from 'yjs'
import type { UserId } from '#shared/base/ids.ts'
import { writesTo, type Addressee } from '#shared/sessions/addressing.ts'
import { readItems, sessionItems } from '#shared/sessions/doc.ts'
import { agentMentioned, mentionFinder, mentionsAgent, peopleNames, withoutCode, type Named } from '#shared/sessions/mentions.ts'
import { readStored, useStored, writeStored } from '../offline/stored.ts'
import { useDocValue } from '../sync/use-document.ts'
import { useDraft, type DraftKey } from './drafts.ts'

const keyOf = (draft: DraftKey) => `to:${draft}`
const parse = (text: string | null): Addressee | undefined => (text === 'agent' || text === 'people' ? text : undefined)

/** Chooses to whom a session's next messages go, as if it had been chosen where one writes. */
export const chooseAddressee = (draft: DraftKey, to: Addressee) => writeStored(keyOf(draft), to)

/** What was chosen where there was no session goes with the first message into the session that it makes. */
export function carryAddressee(from: DraftKey, into: DraftKey): void {
  writeStored(keyOf(into), readStored(keyOf(from)))
  writeStored(keyOf(from), null)
}

type Options = { doc: Y.Doc; draft: DraftKey; meId: UserId; agents: readonly Named[]; people: readonly Named[]; mayAsk: boolean }

/**
 * To whom this person writes in this session. The choice is kept in this browser and outlives a reload; on another device it
 * is that of the last message.
 */
export function useAddressee({ doc, draft, meId, agents, people, mayAsk }: Options) {
  const [stored, store] = useStored(keyOf(draft))
  const [insisted, setInsists] = useState(false)
  const calls = useDraft(draft, ({ text }) => text.includes('@') && mentionsAgent(withoutCode(text), agents))
  const agentId = useDraft(draft, ({ text }) => (text.includes('@') ? (agentMentioned(withoutCode(text), agents) ?? '') : ''))
  const insists = insisted && calls
  if (insisted && !calls) setInsists(false)
  const find = useMemo(() => mentionFinder(peopleNames(people)), [people])
  /** Names of others, one a line: a text changes only when what it says does. */
  const mentioned = useDraft(draft, ({ text }) => {
    const ids = new Set(find(withoutCode(text)).map(({ id }) => id))
    return people.flatMap(({ id, name }) => (ids.has(id) && id !== meId ? [name] : [])).join('\n')
  })
  const wroteLast = useDocValue(
    doc,
    useCallback(
      (from: Y.Doc) => {
        const last = readItems(from).findLast((item) => item.type === 'message' && item.author.id === meId)
        return last?.type === 'message' ? last.to : undefined
      },
      [meId],
    ),
    sessionItems,
  )
  const chosen = parse(stored)
  const standing = writesTo({ mayAsk, chosen, wroteLast, calls: false, insists })
  const to = writesTo({ mayAsk, chosen, wroteLast, calls, insists })
  return {
    to,
    /** The agent that is named; empty where none is. */
    agentId,
    /** Only a mention made it the agent's. It stays so. */
    switched: to !== standing,
    mentioned: useMemo(() => (mentioned === '' ? [] : mentioned.split('\n')), [mentioned]),
    choose(next: Addressee) {
      store(next)
      setInsists(next === 'people' && calls)
    },
    /** Called before what was written is sent. */
    settle() {
      if (to !== standing) store(to)
    },
  }
}
