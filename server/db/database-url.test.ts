import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../config.ts'

const problem = (DATABASE_URL: string) => {
  try {
    return readConfig({ DATABASE_URL }).databaseUrl
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as ConfigError).message
  }
}

test('a password with a character that must be encoded is told, and never shown', () => {
  for (const password of ['hun/ter2', 'hun#ter2', 'hun?ter2', 'hun%ter2', 'hun@ter2', '12/34', '/', '#hunter2', 'hun%zzter2', 'a@b/c?d#e%'])
    for (const where of ['localhost:5432/atrium', 'db.example.org/atrium?sslmode=require']) {
      const says = problem(`postgres://atrium:${password}@${where}`)
      expect(says, password).toMatch(/^DATABASE_URL has a user name or password with a character that must be percent-encoded: .*%2F.*%40\.$/)
      expect(says).not.toMatch(/ter2|12|34|example/)
    }
})

test('what cannot be read or names no database is told, and never shown', () => {
  for (const address of ['mysql://a:hunter2@h/d', 'hunter2', 'postgres:/a:hunter2@h/d', ' postgres://a:hunter2@h/d'])
    expect(problem(address)).toMatch(/^DATABASE_URL must be a postgres:\/\/ address, such as [^ ]+\.$/)
  for (const address of ['postgres://a:hunter2@/d', 'postgres://a:hunter2@h:port/d', 'postgres://a:hunter2@h:99999/d', 'postgres://h o/d'])
    expect(problem(address), address).toMatch(/^DATABASE_URL cannot be read\./)
  for (const address of ['postgres://a:hunter2@h', 'postgres://a:hunter2@h:5432/', 'postgresql://h/?sslmode=require'])
    expect(problem(address), address).toMatch(/^DATABASE_URL names no database\./)
})

test('what the driver takes is taken as it is', () => {
  for (const address of [
    'postgres://atrium@localhost/atrium',
    'postgresql://atrium:p%2F%23%3F%25%40@localhost:5432/atrium?sslmode=require',
    'postgres://a:b:c@[::1]:5432/atrium',
    'postgres://a:b@one:5432,two:5433/atrium',
    'postgres:///atrium',
    'postgres://a:b@localhost/atrium?application_name=a@b',
    'postgres://a:b@%2Fvar%2Frun%2Fpostgresql/atrium',
  ])
    expect(problem(address)).toBe(address)
})
