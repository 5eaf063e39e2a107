import { newId } from '#shared/base/new-id.ts'
import { makeRunFolder, removeRunFolder, runFolderVariable } from '../testing/postgres-cluster.ts'
import { ada, makeProject, signUp } from '../testing/people.ts'
import { at, startSeveral } from '../testing/several.ts'
import { type Figure, median, ms, percentile } from './figures.ts'

const rounds = 400
const warmUp = 50
const bounds = { p50: 3, p95: 10 }

/** A command about a room at a process that has it, and at one that passes it on, in turns: how much longer the second takes. */
export async function benchForward(): Promise<Figure[]> {
  const ownFolder = process.env[runFolderVariable] === undefined ? makeRunFolder() : undefined
  if (ownFolder !== undefined) process.env[runFolderVariable] = ownFolder
  const several = await startSeveral(2)
  try {
    const [owner, other] = several.processes
    if (!owner || !other) throw new Error('two processes were asked for')
    const person = await signUp(owner.url, ada)
    const { id: projectId } = await makeProject(person)
    const session = await person.json<{ id: string }>('POST', `/api/projects/${projectId}/sessions`, { title: 'Plan' })
    const commands = {
      message: (process: { url: string }) =>
        at(process, person).json('POST', `/api/sessions/${session.id}/messages`, { id: newId('itm'), text: 'Hello', to: 'people' }),
      members: (process: { url: string }) => at(process, person).json('GET', `/api/projects/${projectId}/members`),
    }
    const figures: Figure[] = []
    for (const [name, ask] of Object.entries(commands)) {
      const took: Record<'here' | 'there', number[]> = { here: [], there: [] }
      for (let round = -warmUp; round < rounds; round++) {
        for (const [place, process] of [
          ['here', owner],
          ['there', other],
        ] as const) {
          const began = performance.now()
          await ask(process)
          if (round >= 0) took[place].push(performance.now() - began)
        }
      }
      const more = { p50: median(took.there) - median(took.here), p95: percentile(took.there, 0.95) - percentile(took.here, 0.95) }
      figures.push({
        what: `${name} at another process than the room's, over the same at the room's (${rounds} of each)`,
        measured: `p50 ${ms(median(took.there))} over ${ms(median(took.here))}, p95 ${ms(percentile(took.there, 0.95))} over ${ms(percentile(took.here, 0.95))}`,
        bound: `at most ${bounds.p50} ms more at p50, ${bounds.p95} ms at p95`,
        ok: more.p50 <= bounds.p50 && more.p95 <= bounds.p95,
      })
    }
    return figures
  } finally {
    await several.stop()
    if (ownFolder !== undefined) {
      removeRunFolder(ownFolder)
      delete process.env[runFolderVariable]
    }
  }
}
