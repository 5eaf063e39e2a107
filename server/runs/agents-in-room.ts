import { isDeepStrictEqual } from 'node:util'
import type { RoomAgent } from '#shared/projects/doc.ts'
import type { ProfileResolver } from '../profiles/resolver.ts'
import type { Level } from '../sync/port.ts'
import { tenantId } from './deps.ts'

/** Keeps the `agents` of project documents level with the profiles. They change with a start of the server only. */
export const agentsInRoom =
  ({ profiles, model }: { profiles: ProfileResolver; model: { name: string; demo: boolean } }): Level<'project'> =>
  async (_name, doc) => {
    const found = await profiles.list(tenantId)
    const wanted = new Map(
      found.map(({ id, name, template }, place): [string, RoomAgent] => [
        id,
        { id, name, model: template?.model.modelId ?? model.name, demo: model.demo, place },
      ]),
    )
    doc.transact(() => {
      const held = doc.getMap<unknown>('agents')
      for (const id of held.keys()) if (!wanted.has(id)) held.delete(id)
      for (const [id, agent] of wanted) if (!isDeepStrictEqual(held.get(id), agent)) held.set(id, agent)
    })
  }
