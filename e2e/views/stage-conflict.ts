import { readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { openDesk } from '../../server/testing/file-desk.ts'
import type { CrashableServer } from '../../server/testing/crashable-server.ts'
import type { TestPerson } from '../../server/testing/people.ts'

const path = 'rates.ts'
const text = (rate: string) => `export const vat = {\n  PT: ${rate},\n  DE: 0.19,\n}\n`

/** While the sandbox sleeps, the same line changes in the room and on the disk. */
export async function makeConflict(server: CrashableServer, owner: TestPerson, projectId: string) {
  await owner.fetch(`/api/projects/${projectId}/files/${path}`, { method: 'PUT', body: text('0.23') })
  const desk = openDesk(server.url, owner, projectId)
  const file = await desk.open(path)
  await owner.json('POST', `/api/projects/${projectId}/sandbox/pause`)
  const at = file.says().indexOf('0.23')
  file.text.delete(at, 4)
  file.text.insert(at, '0.06')
  await until(() => desk.state(path)?.status === 'waiting')
  const found = (await readdir(join(server.dataDir, 'sandboxes'), { recursive: true })).find((entry) => entry.endsWith(`/${path}`))
  if (!found) throw new Error(`${path} is not on the disk`)
  await writeFile(join(server.dataDir, 'sandboxes', dirname(found), path), text('0.13'))
  await owner.json('POST', `/api/projects/${projectId}/sandbox/start`)
  await until(() => desk.conflicts(path).length === 1)
  desk.close()
}

async function until(holds: () => boolean) {
  const late = Date.now() + 15_000
  while (!holds()) {
    if (Date.now() > late) throw new Error('the conflict did not come about')
    await wait(20)
  }
}
