import { existsSync, readdirSync } from 'node:fs'
import { getTableColumns, getTableName, is } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import { expect, test } from 'vitest'
import { copiesOfNames } from './copies.ts'

/** JSON without names of people: ids and numbers, or what people, programs and models wrote themselves. */
const withoutNames = [
  'api_keys.scopes',
  'leases.people',
  'outbox.caused_by',
  'outbox.payload',
  'preview_labels.target',
  'queued_messages.attachments',
  'runs.trigger',
  'sandbox_settings.limits',
  'steps.args',
  'waits.subject',
]

test('of every column with JSON it is known whether names are copied into it', async () => {
  const columns: string[] = []
  for (const feature of readdirSync('server').filter((name) => existsSync(`server/${name}/table.ts`))) {
    for (const table of Object.values((await import(`../${feature}/table.ts`)) as Record<string, unknown>)) {
      if (!is(table, PgTable)) continue
      const json = Object.values(getTableColumns(table)).filter((column) => column.getSQLType() === 'jsonb')
      columns.push(...json.map((column) => `${getTableName(table)}.${column.name}`))
    }
  }
  const named = copiesOfNames.map(({ table, column }) => `${getTableName(table)}.${column.name}`)
  expect([...withoutNames, ...named].toSorted()).toEqual(columns.toSorted())
})
