import { describe } from 'vitest'
import type { DatabaseKind } from './database.ts'
import { needs } from './require.ts'

const kinds: readonly DatabaseKind[] = ['embedded', 'postgres']
const postgresNeeds = await needs('postgres')
const optionsOn = (kind: DatabaseKind, options: object) => (kind === 'postgres' && postgresNeeds.skip ? { ...options, ...postgresNeeds } : options)

/** A suite for each kind of database: `describeOnDatabases('projects on %s', (kind) => …)`. Where there is no Postgres, its suite is skipped aloud. */
export function describeOnDatabases(title: string, suite: (kind: DatabaseKind) => void, options: object = {}): void {
  for (const kind of kinds) {
    const name = title.replace('%s', kind)
    // oxlint-disable-next-line vitest/valid-title -- it is one, made of another
    describe(name, optionsOn(kind, options), () => {
      suite(kind)
    })
  }
}
