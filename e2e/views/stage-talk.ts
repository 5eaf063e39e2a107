import { crc32, deflateSync } from 'node:zlib'
import { join as joinProject, type TestPerson } from '../../server/testing/people.ts'
import type { ScriptedModel } from '../../server/testing/scripted-model.ts'

type People = { ada: TestPerson; mei: TestPerson; tomas: TestPerson; viewer: TestPerson }

/** People who talk to each other while the agent works: mentions, a picture, one that is gone, a word that it should hear. */
export async function talkMeanwhile(model: ScriptedModel, projectId: string, sessionId: string, { ada, mei, tomas }: People) {
  await ada.fetch(`/api/projects/${projectId}/files/sketch.png`, { method: 'PUT', body: new Uint8Array(sketch()) })
  const send = (who: TestPerson, text: string, more: Record<string, unknown>) =>
    who.json('POST', `/api/sessions/${sessionId}/messages`, { text, ...more })
  const held = model.nextRequest()
  await send(ada, '@Builder draw the chart as in the sketch. @Mei checks the totals.\n\n`sketch.png` `data/orders_2025.csv`', {
    to: 'agent',
    attachments: ['sketch.png', 'data/orders_2025.csv'],
  })
  const reply = await held
  reply.delta('I begin with the monthly totals, and draw the regions as lines')
  await send(mei, 'Ada Okafor’s sketch has no legend. @Ada Okafor, shall we name the lines at their ends? See `@Builder` in the notes.', {
    to: 'people',
  })
  await send(tomas, 'Blue for North, please', { to: 'people' })
}

/** A project in which viewers may write to people. */
export async function letViewersWrite(projectId: string, { ada, mei, viewer }: People): Promise<string> {
  await joinProject(ada, projectId, mei, 'editor')
  await joinProject(ada, projectId, viewer, 'viewer')
  await ada.json('PATCH', `/api/projects/${projectId}`, { viewersMayWrite: true })
  const { id } = await ada.json<{ id: string }>('POST', `/api/projects/${projectId}/sessions`, { title: 'Which clause?' })
  await mei.json('POST', `/api/sessions/${id}/messages`, { text: '@Jonas, is clause 4 the one you meant?', to: 'people' })
  await viewer.json('POST', `/api/sessions/${id}/messages`, { text: 'Yes, clause 4, the second paragraph.', to: 'people' })
  return id
}

/** Lines over a grid, as somebody would draw them: a PNG of 480 × 300 pixels in grey. */
function sketch(): Buffer {
  const [width, height] = [480, 300]
  const rows = Buffer.alloc((width + 1) * height, 250)
  for (let y = 0; y < height; y += 1) {
    rows[y * (width + 1)] = 0
    for (let x = 0; x < width; x += 1) {
      const on = [90, 60, 35].some((size, line) => Math.abs(y - (200 - line * 55 - Math.sin(x / size) * 35)) < 2)
      if (on) rows[y * (width + 1) + 1 + x] = 40
      else if (y % 60 === 0 || x % 80 === 0) rows[y * (width + 1) + 1 + x] = 220
    }
  }
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0])
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))])
}
