import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { ArtifactId, CellId, ProjectId } from '#shared/base/ids.ts'
import { createCellOutput } from './output.ts'

function open() {
  const doc = new Y.Doc()
  const kept: number[] = []
  const output = createCellOutput({
    document: { doc, transact: (change: (doc: Y.Doc) => void) => doc.transact(() => change(doc)), close: async () => undefined } as never,
    artifacts: {
      async keep(_projectId, _name, _mime, data) {
        kept.push(data.length)
        return 'art_1' as ArtifactId
      },
    },
    projectId: 'prj_1' as ProjectId,
    cellId: 'cel_1' as CellId,
    log: { error: () => undefined } as never,
  })
  return { output, kept }
}

test('a cell has so many outputs, though each is empty', async () => {
  const { output } = open()
  for (let at = 0; at < 3000; at++) {
    await output.result(false, {})
    await output.stream(at % 2 === 0 ? 'stdout' : 'stderr', 'a')
    await output.error('', '', '')
  }
  const { outputs, truncated } = await output.end()
  expect(outputs).toHaveLength(1000)
  expect(truncated).toBe(true)
})

test('figures of a cell are kept up to a sum', async () => {
  const { output, kept } = open()
  const html = 'a'.repeat(15 * 1024 * 1024)
  for (let at = 0; at < 12; at++) await output.result(false, { html })
  expect(kept).toHaveLength(6)
  expect((await output.end()).truncated).toBe(true)
})
