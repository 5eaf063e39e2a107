import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Database } from '../db/port.ts'
import { seedProject, testUser } from '../sync/testing/room.ts'
import { openTestDatabase } from '../testing/database.ts'
import { createMergeBases } from './merge-bases.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

describeOnDatabases('common texts on %s', (kind) => {
  let database: Database
  let projectId: ProjectId

  beforeAll(async () => {
    database = await openTestDatabase(kind)
    projectId = await seedProject(database, testUser('Ada'))
  })
  afterAll(() => database?.close())

  const textsOf = (path: string) => createMergeBases({ database, clock: Date, document: `file/${projectId}/${path}`, projectId })

  test('after each of many a crash finds the last two, and not all that ever were', async () => {
    const texts = textsOf('long.txt')
    let text = 'a first line\n'
    let before: string | undefined
    for (let at = 0; at < 170; at++) {
      text = at % 7 === 0 ? `${at}\n${text.slice(4)}` : `${text}line ${at}\n`
      await texts.add(text, 'document')
      const found = await textsOf('long.txt').read()
      expect(found.at(-1)?.text).toBe(text)
      expect(found.at(-2)?.text).toBe(before)
      expect(found.length).toBeLessThan(110)
      before = text
    }
  })

  test('one that never came to the disk is gone, and what follows is whole', async () => {
    const texts = textsOf('dropped.txt')
    for (let at = 0; at < 60; at++) {
      await texts.add(`kept ${at}\n`, 'document')
      await texts.drop(await texts.add(`dropped ${at}\n`, 'document'))
      const found = await textsOf('dropped.txt').read()
      expect(found.at(-1)?.text).toBe(`kept ${at}\n`)
      expect(found.at(-2)?.text).toBe(at === 0 ? undefined : `kept ${at - 1}\n`)
    }
    await texts.settle('kept 59\n')
    expect((await textsOf('dropped.txt').read()).map((one) => one.text)).toEqual(['kept 59\n'])
  })
})
