import { expect, test } from 'vitest'
import * as Y from 'yjs'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { fileText } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import { mergeInto } from './merge-into-document.ts'
import type { FileProjection } from './file-projection.ts'
import type { KeptConflict } from './table.ts'

/** What a document becomes when the disk holds `found`; and which passages are kept for people, as they were and as they are. */
async function merged(texts: { older: string; origin: string; mine: string; found: string }) {
  const doc = new Y.Doc()
  fileText(doc).insert(0, texts.mine)
  const ada = { kind: 'user' as const, id: newId<UserId>('usr'), name: 'Ada' }
  const kept: KeptConflict[] = []
  const view = { addConflicts: async (_: ProjectId, some: KeptConflict[]) => void kept.push(...some) } as Partial<FileProjection> as FileProjection
  await mergeInto({
    write: async (_author, change, beforeCommit) => {
      doc.transact(() => change(doc))
      await beforeCommit?.(1)
      return 1
    },
    author: { kind: 'sandbox' },
    path: 'tide.txt' as FilePath,
    found: { text: texts.found, n: 2 as never },
    origin: texts.origin,
    older: texts.older,
    authors: async () => [{ client: doc.clientID, author: ada }],
    view,
    projectId: newId<ProjectId>('prj'),
    at: 1,
  })
  return { text: fileText(doc).toString(), kept: kept.map(({ undone, mine, disk }) => [undone ?? false, mine.text, disk.text]) }
}

test('who loses what was just written is told, beside an overlap too', async () => {
  const text = (high: string, slack: string) => `low\n${high}\nthe tide turns\nand turns\n${slack}\n`
  const given = { older: text('high', 'slack'), origin: text('high 1', 'slack') }
  expect(await merged({ ...given, mine: text('high 1', 'slack two'), found: text('high', 'slack') })).toEqual({
    text: text('high', 'slack two'),
    kept: [[true, 'high 1\n', 'high\n']],
  })
  expect(await merged({ ...given, mine: text('high 1', 'slick'), found: text('high', 'sluck') })).toEqual({
    text: text('high', 'slick\nsluck'),
    kept: [
      [false, 'slick\n', 'sluck\n'],
      [true, 'high 1\n', 'high\n'],
    ],
  })
})
