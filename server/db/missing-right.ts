import type postgres from 'postgres'
import { postgresError } from './errors.ts'

/** The right that a role lacks and the statement that grants it, for a query that Postgres refused (42501); undefined for any other error. */
export async function missingRight(client: postgres.Sql, thrown: unknown): Promise<string | undefined> {
  if (postgresError(thrown)?.code !== '42501') return undefined
  const { user, database } = client.options
  const role = quoted(user)
  const base = quoted(database)
  let rights: { base: boolean; schema: boolean } | undefined
  try {
    ;[rights] = await client<{ base: boolean; schema: boolean }[]>`
      select has_database_privilege(current_database(), 'create') as base, has_schema_privilege('public', 'usage') and has_schema_privilege('public', 'create') as schema`
  } catch (error) {
    if (postgresError(error)?.code !== '42501') return undefined
    return lack(role, `CONNECT on the database ${base}`, `grant connect on database ${base} to ${role};`)
  }
  if (rights?.base === false) return lack(role, `CREATE on the database ${base}`, `grant create on database ${base} to ${role};`)
  if (rights?.schema === false) return lack(role, `CREATE on the schema public of ${base}`, `grant usage, create on schema public to ${role};`)
  return undefined
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
const lack = (role: string, right: string, grant: string) => `the role ${role} lacks the right ${right}. Grant it as an administrator: ${grant}`
