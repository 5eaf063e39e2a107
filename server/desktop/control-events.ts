import type { ItemId, ProjectId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Controller, DesktopControl } from '#shared/desktop/schema.ts'
import type { Author, EventItem, Item } from '#shared/sessions/items.ts'
import type { Db } from '../db/port.ts'
import { appendItems, lockSession } from '../sessions/store.ts'
import { hasSession, lastUsedSession } from '../sessions/queries.ts'
import { isSame } from './control-rules.ts'

type Told = { event: EventItem['event']; text: string; by: Controller; detail?: EventItem['detail'] }

/** What is told of a change of control, when somebody has to know: control went from one to another, or an agent got or lost it. */
function told(before: DesktopControl, after: DesktopControl, asksAgain: boolean): Told | undefined {
  const [had, has] = [before.holder, after.holder]
  if (isSame(had, has)) return undefined
  if (has && isSame(after.takenFrom, had) && had)
    return {
      event: 'control_taken',
      text: `${has.name} took control of the desktop from ${had.name}.${asksAgain ? ` ${had.name} asks again before it uses the desktop.` : ''}`,
      by: has,
      detail: { other: had.name, ...(asksAgain && { asksAgain }) },
    }
  if (has && had) return { event: 'control_given', text: `${had.name} handed the desktop to ${has.name}.`, by: had, detail: { other: has.name } }
  if (has) return { event: 'control_taken', text: `${has.name} took control of the desktop.`, by: has }
  return had?.kind === 'user' ? { event: 'control_released', text: `${had.name} released the desktop.`, by: had } : undefined
}

const agentsOf = (control: DesktopControl) =>
  [control.holder, control.takenFrom, ...control.requests.map(({ by }) => by)].filter((one) => one?.kind === 'agent')

/** Where it is told: in the session of the agent that it concerns, else where the person is, else in the one used last. */
async function sessionFor(
  tx: Db,
  projectId: ProjectId,
  controls: readonly DesktopControl[],
  asked: SessionId | undefined,
): Promise<SessionId | undefined> {
  for (const id of [...controls.flatMap(agentsOf).map((agent) => agent.sessionId), asked]) {
    if (id && (await hasSession(tx, projectId, id))) return id
  }
  return lastUsedSession(tx, projectId)
}

const asAuthor = (one: Controller): Author => ({ kind: one.kind, id: one.id, name: one.name }) as Author

/** Stores the line of the trajectory about a change, in its transaction. Undefined when there is nothing to tell. */
export async function tellOfControl(
  tx: Db,
  change: {
    projectId: ProjectId
    before: DesktopControl
    after: DesktopControl
    sessionId: SessionId | undefined
    now: number
    /** What the agent was allowed for its run has ended with this. */
    asksAgain?: boolean
  },
): Promise<{ sessionId: SessionId; items: Item[] } | undefined> {
  const { projectId, before, after, now } = change
  const news = told(before, after, change.asksAgain ?? false)
  const sessionId = news && (await sessionFor(tx, projectId, [before, after], change.sessionId))
  if (!news || !sessionId || !(await lockSession(tx, sessionId))) return undefined
  const { by, ...what } = news
  const agent = agentsOf(after)
    .concat(agentsOf(before))
    .find((one) => one.sessionId === sessionId)
  const item = {
    type: 'event' as const,
    id: newId<ItemId>('itm', now),
    createdAt: now,
    finishedAt: now,
    ...what,
    by: asAuthor(by),
    ...(agent && { runId: agent.runId }),
  }
  return { sessionId, items: await appendItems(tx, sessionId, [item], now) }
}
