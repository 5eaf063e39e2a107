import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../launch/root.mjs'

const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8')

/** The lines of each service of the compose file, as it is shipped. */
export function composeServices(): Map<string, string[]> {
  const services = new Map<string, string[]>()
  let lines: string[] | undefined
  for (const line of text.slice(text.indexOf('\nservices:\n') + '\nservices:\n'.length).split('\n')) {
    if (/^\S/.test(line)) break
    const name = /^ {2}(\w+):(?: &\w+)?$/.exec(line)?.[1]
    if (name !== undefined) services.set(name, (lines = []))
    else lines?.push(line)
  }
  return services
}

/** What the compose file sets in the server's environment, as it is written there. */
export function composeEnvironment(): Map<string, string> {
  const lines = composeServices().get('app') ?? []
  const within = lines.slice(lines.indexOf('    environment:') + 1)
  const end = within.findIndex((line) => /^ {4}\w/.test(line))
  return new Map(
    within.slice(0, end).flatMap((line) => [...line.matchAll(/^ {6}([A-Z0-9_]+): (.+)$/g)].map(([, name = '', value = '']) => [name, value])),
  )
}

/** The same with what `.env` says, as Compose fills it in. */
export const composedEnvironment = (dotEnv: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    [...composeEnvironment()].map(([name, value]) => [
      name,
      value.replaceAll(/\$\{(\w+)(?::[-?]([^}]*))?\}/g, (_, asked: string, otherwise = '') => dotEnv[asked] ?? otherwise),
    ]),
  )
