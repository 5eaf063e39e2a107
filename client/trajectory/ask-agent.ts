import type { ItemId, SessionId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { withNames, withoutNames } from '#shared/sessions/attachments.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import type { MessageItem } from '#shared/sessions/items.ts'
import { attempt } from '../api/attempt.ts'
import { readStored } from '../offline/stored.ts'
import { t } from '../i18n/translate.ts'

type Options = { sessionId: SessionId; me: UserId; running: boolean }

/**
 * Hands what was said to people on to the agent: in one's own words as they are, in somebody else's as a quotation. While a run
 * goes on it steers that run, or waits for its end where this person queues.
 */
export async function askAgent({ id, author, text, attachments = [] }: MessageItem, { sessionId, me, running }: Options): Promise<boolean> {
  const said = withoutNames(text, attachments)
  const quoted = said
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')
  const body = {
    id: newId<ItemId>('itm'),
    to: 'agent' as const,
    replyTo: id,
    text: author.id === me ? text : withNames(`${t('trajectory:ask.wrote', { name: author.name })}\n\n${quoted}`, attachments),
    ...(running && { mode: readStored('mode') === 'queue' ? ('queue' as const) : ('steer' as const) }),
    ...(attachments.length > 0 && { attachments }),
  }
  return (await attempt(sessionCalls.sendMessage, { params: { id: sessionId }, body }, t('trajectory:ask.failed'))) !== undefined
}
