import type { ItemId, RunId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Author, EventDetail, EventItem } from '#shared/sessions/items.ts'
import type { Person } from '../sessions/port.ts'
import type { NewItem } from '../sessions/store.ts'

export const byPerson = (person: Person): Author => ({ kind: 'user', id: person.id, name: person.name })

/** A line of the trajectory about a run. `text` is one sentence for people who read it elsewhere than in a room. */
export function runEvent(
  runId: RunId,
  event: EventItem['event'],
  text: string,
  now: number,
  more: { by?: Author; error?: { code: string; message: string }; detail?: Partial<EventDetail> } = {},
): NewItem {
  return { type: 'event', id: newId<ItemId>('itm', now), runId, createdAt: now, finishedAt: now, event, text, ...more }
}
