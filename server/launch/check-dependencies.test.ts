import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { brokenHere, brokenLockRules } from './lock-rules.ts'
import { root } from './root.mjs'

/** A registry that knows of these holes, asked by the real npm. */
async function checkAgainst(holes: (asked: Record<string, string[]>) => unknown, status = 200) {
  let asked: Record<string, string[]> = {}
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = Buffer.concat(parts)
    if (!request.url?.endsWith('/security/advisories/bulk')) return void response.writeHead(404).end('{}')
    asked = JSON.parse((request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString()) as typeof asked
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(holes(asked)))
  }
  const registry = createServer((request, response) => void answer(request, response))
  // npm remembers what it was told of a hole.
  const cache = await mkdtemp(join(tmpdir(), 'atrium-npm-'))
  registry.listen(0, '127.0.0.1')
  await once(registry, 'listening')
  const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`
  const child = spawn(process.execPath, [join(root, 'server/launch/check-dependencies.ts')], {
    env: { ...process.env, npm_config_registry: url, npm_config_fetch_retries: '0', npm_config_cache: cache },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()))
  const [code] = (await once(child, 'close')) as [number]
  await rm(cache, { recursive: true, force: true })
  registry.closeAllConnections()
  registry.close()
  return { code, output, asked }
}

test('what is locked here keeps the rules', () => {
  expect(brokenHere()).toEqual([])
})

test('ranges, missing digests, foreign sources and unknown install scripts are named', () => {
  const digest = { integrity: 'sha512-abc' }
  expect(
    brokenLockRules(
      { dependencies: { zod: '^4.0.0', ws: '8.1.0', own: 'github:ada/own' } },
      {
        packages: {
          '': {},
          'node_modules/zod': { version: '4.0.0' },
          'node_modules/own': { ...digest, resolved: 'git+ssh://git@example.org/own.git' },
          'node_modules/a/node_modules/evil': { ...digest, hasInstallScript: true },
          'node_modules/esbuild': { ...digest, hasInstallScript: true },
        },
      },
    ),
  ).toEqual([
    'zod ^4.0.0: only exact versions of the registry',
    'own github:ada/own: only exact versions of the registry',
    'node_modules/zod: no sha512 digest',
    'node_modules/own: comes from git+ssh://git@example.org/own.git',
    'node_modules/a/node_modules/evil: has an install script that nobody has looked at',
  ])
})

test('a registry that knows of no hole lets it pass, and is asked about what the product runs with', { timeout: 120_000 }, async () => {
  const { code, output, asked } = await checkAgainst(() => ({}))
  expect(output).toContain('no known hole')
  expect(code).toBe(0)
  expect(asked.yjs).toHaveLength(1)
  expect(asked.vitest).toBeUndefined()
})

test('a known hole of high severity fails it, a lesser one is told', { timeout: 120_000 }, async () => {
  const hole = (severity: string) => [
    { id: 1, url: 'https://example.org/1', title: 'Frames without end', severity, vulnerable_versions: '*', cwe: [], cvss: { score: 0 } },
  ]
  const high = await checkAgainst(() => ({ ws: hole('high') }))
  expect(high.output).toContain('ws')
  expect(high.output).toContain('Frames without end (https://example.org/1)')
  expect(high.code).toBe(1)
  const low = await checkAgainst(() => ({ ws: hole('low') }))
  expect([low.code, low.output]).toEqual([0, expect.stringContaining('· ws')])
})

test('a registry that does not answer is no proof', { timeout: 120_000 }, async () => {
  const { code, output } = await checkAgainst(() => ({}), 405)
  expect([code, output]).toEqual([2, expect.stringContaining('not checked')])
})
