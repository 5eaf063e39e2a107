import { existsSync } from 'node:fs'
import { AppError } from '#shared/base/errors.ts'
import { readAdminLine, tellAnswer, usage } from './admin/command-line.ts'
import { askServer } from './admin/socket.ts'
import { runPeopleCommand } from './admin/commands.ts'
import type { AdminAnswer, AdminCommand } from './admin/commands.ts'
import { ConfigError, readConfig } from './config.ts'
import type { Config } from './config.ts'
import { embeddedFolder, refuseMoved } from './db/moved.ts'

/**
 * `npm run admin`: what whoever runs the server does with people and with all of its content, with the server's own settings. A server that
 * runs does what concerns it itself, so that it is true at once; without one the database is opened here, under the same locks.
 */
async function main(): Promise<void> {
  const asked = readAdminLine(process.argv.slice(2))
  if (!asked) {
    process.stdout.write(usage)
    process.exitCode = 2
    return
  }
  const config = readConfig(process.env)
  if (asked.command === 'verify' || asked.command === 'restore') {
    const { runLocal } = await import('./admin-backups.ts')
    process.exitCode = await runLocal(config, asked, say)
    return
  }
  if (!existsSync(config.dataDir)) {
    throw new ConfigError(`There is no data folder ${config.dataDir}. Run this where the server runs, with the same ATRIUM_DATA_DIR.`)
  }
  if (asked.command === 'move') {
    const { moveToPostgres } = await import('./admin/move.ts')
    return moveToPostgres(config, asked.to, say)
  }
  const answer = (await askServer(config.dataDir, asked, say)) ?? (await withoutServer(config, asked))
  process.stdout.write(tellAnswer(asked, answer))
}

const say = (line: string) => void process.stdout.write(`${line}\n`)

async function withoutServer(config: Config, asked: AdminCommand): Promise<AdminAnswer> {
  if (!config.databaseUrl && !existsSync(embeddedFolder(config.dataDir))) {
    refuseMoved(config.dataDir)
    throw new ConfigError(`There is no database in ${config.dataDir}. Run this with the ATRIUM_DATA_DIR or DATABASE_URL of the server.`)
  }
  if (asked.command === 'backup') {
    const { backupAlone } = await import('./admin-backups.ts')
    return { backup: await backupAlone(config, asked.folder, say) }
  }
  const { composeAlone } = await import('./start-server.ts')
  const { parts, stop } = await composeAlone(config)
  try {
    const host = ['0.0.0.0', '::'].includes(config.host) ? 'localhost' : config.host
    return await runPeopleCommand(parts.people, `http://${host}:${config.port}`, asked)
  } finally {
    await stop()
  }
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    const plain = error instanceof ConfigError || (error instanceof AppError && error.code !== 'internal')
    process.stderr.write(plain ? `${error.message}\n` : `This failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exit(1)
  },
)
