import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

const sources = [
  'client',
  'shared',
  'vite.config.ts',
  'server/launch/offline-build.ts',
  'server/launch/chunks.ts',
  'server/launch/lean-calls.ts',
  'server/launch/lean-packages.ts',
  'server/launch/precompress.ts',
  'tsconfig.json',
  'package.json',
  'package-lock.json',
]
const stamp = join(root, 'dist', '.sources')

/**
 * Builds the interface into `dist/` when what it is made from has changed since. The build empties the folder first, so
 * a stamp there never outlives what it speaks of.
 * @param {string} node the Node to build with
 */
export function ensureBuilt(node) {
  const wanted = hashSources()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Building the interface.')
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const built = spawnSync(node, [vite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (built.status !== 0) {
    console.error('Building the interface failed; the reason is above.')
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
}

function hashSources() {
  const hash = createHash('sha256')
  for (const source of sources) addTo(hash, source)
  return hash.digest('hex')
}

function addTo(hash, path) {
  if (/\.test\.tsx?$/.test(path)) return
  const full = join(root, path)
  const entries = /\.\w+$/.test(path) ? undefined : readdirSync(full, { withFileTypes: true })
  if (!entries) {
    hash.update(`${path}\0`).update(readFileSync(full)).update('\0')
    return
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory()) addTo(hash, `${path}/${entry.name}`)
    else if (!/\.test\.tsx?$/.test(entry.name)) {
      hash
        .update(`${path}/${entry.name}\0`)
        .update(readFileSync(join(full, entry.name)))
        .update('\0')
    }
  }
}
