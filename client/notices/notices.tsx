import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { z } from 'zod'
import type { AgentId, SessionId, UserId } from '#shared/base/ids.ts'
import { noticeCalls } from '#shared/notices/api.ts'
import { queryOf } from '../api/query.ts'
import { readStored, subscribeStored, writeStored } from '../offline/stored.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { showCount } from './badge.ts'
import { closeNotice, showNotice } from './notify-browser.ts'
import { mayNotify, noticeKeys, subscribeToKinds, wantedKinds } from './settings.ts'
import { joinTabs, type Tabs } from './tabs.ts'
import { noticeKinds, step, type Notice } from './transition.ts'
import { useAttention } from './use-attention.ts'

const pollMs = 10_000
const subscribeToSeen = (listener: () => void) => subscribeStored(noticeKeys.seen, listener)

type Props = {
  me: UserId
  /** What waits for this person's decision; undefined until it is known. */
  requests: readonly Extract<Notice, { kind: 'request' }>[] | undefined
  /** The session that this page shows. */
  sessionId: SessionId | undefined
  agentName(id: AgentId): string
  onOpen(notice: Notice): void
}

/** Tells a person what concerns them, wherever they are: in the title, on the icon and, where they switched them on, as notifications. */
export default function Notices({ me, requests, sessionId, agentName, onOpen }: Props) {
  const told = useQuery({ ...queryOf(noticeCalls.listNotices, {}), refetchInterval: pollMs, refetchIntervalInBackground: true }).data?.notices
  const attention = useAttention()
  const tabs = useTabs(me, attention)
  const seenText = useSyncExternalStore(subscribeToSeen, () => readStored(noticeKeys.seen))
  const wanted = useSyncExternalStore(subscribeToKinds, () => wantedKinds().join(' '))
  const met = useRef<readonly string[] | undefined>(undefined)
  const words = useWords(agentName)
  const looking = attention ? sessionId : undefined
  const notices = useMemo(() => told && requests && [...requests, ...told], [told, requests])

  useEffect(() => {
    if (!notices) return
    const seen = parseSeen(seenText)
    const next = step({ seen, met: met.current }, { notices, looking, wanted: noticeKinds.filter((kind) => wanted.includes(kind)) })
    met.current = next.state.met
    if (next.state.seen !== seen) writeStored(noticeKeys.seen, JSON.stringify(next.state.seen))
    showCount(next.waiting.length)
    for (const id of next.over) closeNotice(id)
    if (next.fresh.length === 0 || !mayNotify()) return
    void tabs?.mayShow().then((may) => {
      if (may) for (const notice of next.fresh) showNotice(notice, words(notice), () => onOpen(notice))
    })
  }, [notices, looking, seenText, wanted, tabs, words, onOpen])

  useEffect(
    () => () => {
      showCount(0)
      met.current?.forEach(closeNotice)
    },
    [],
  )
  return null
}

function useTabs(me: UserId, attention: boolean): Tabs | undefined {
  const [tabs, setTabs] = useState<Tabs>()
  useEffect(() => {
    const joined = joinTabs(me)
    setTabs(joined)
    return () => joined.stop()
  }, [me])
  useEffect(() => tabs?.lookedAt(attention), [tabs, attention])
  return tabs
}

/** Where it is from, and the first words: what was said, or what became of it. */
function useWords(agentName: Props['agentName']) {
  const { t } = useTranslation('notices')
  return useMemo(
    () => (notice: Notice) => {
      const body = [notice.session, notice.project].filter(Boolean).join(' · ')
      if (notice.kind === 'request') return { title: t('request', { title: notice.text }), body }
      if (notice.kind === 'mention') return { title: t('mention', { name: notice.by }), body: `${notice.text}\n${body}` }
      return { title: t(`run.${notice.outcome}`, { agent: agentName(notice.agentId) }), body }
    },
    [t, agentName],
  )
}

const Seen = z.array(z.string())
function parseSeen(text: string | null): readonly string[] | undefined {
  try {
    return Seen.safeParse(JSON.parse(text ?? 'null')).data
  } catch {
    return undefined
  }
}
