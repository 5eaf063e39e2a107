import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './root.mjs'

const modules = join(root, 'node_modules')
const stamp = join(modules, '.atrium-lockfile')
const ownNode = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

/** The major version whose type stripping and APIs the server relies on. */
const serverMajor = 24

/**
 * Installs the dependencies when those on disk are not those of the lockfile. Cheap when they are: one hash.
 * Exits the process with a clear message when npm fails.
 */
export async function ensureInstalled() {
  const lockfile = readFileSync(join(root, 'package-lock.json'))
  const wanted = createHash('sha256').update(lockfile).digest('hex')
  if (readText(stamp) === wanted && existsSync(ownNode)) return
  if (!matches(lockfile)) await install(lockfile)
  writeFileSync(stamp, wanted)
}

/** The Node that runs the server: the installed one, or the running one where that is new enough. */
export function serverNode() {
  if (existsSync(ownNode)) return ownNode
  if (Number(process.versions.node.split('.')[0]) >= serverMajor) return process.execPath
  console.error(
    `Atrium's own Node ${serverMajor} was not installed (install scripts may be switched off in npm: "npm config get ignore-scripts").\n` +
      `Allow them and run "npm ci", or use Node ${serverMajor} or newer.`,
  )
  process.exit(1)
}

/** npm writes what it has installed into node_modules at its very end, so an interrupted install does not match. */
function matches(lockfile) {
  const installed = readText(join(modules, '.package-lock.json'))
  if (!installed) return false
  const has = JSON.parse(installed).packages
  const wants = Object.entries(JSON.parse(lockfile.toString()).packages)
  return wants.every(([path, entry]) => path === '' || entry.optional || entry.peer || has[path]?.version === entry.version)
}

async function install(lockfile) {
  console.log('Installing dependencies. The first time takes a minute or two.')
  // A development tool builds the client, so NODE_ENV=production must not leave it out.
  const args = ['ci', '--no-audit', '--no-fund', '--include=dev', '--loglevel=error']
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm']
  const child = spawn(npm[0], [...npm.slice(1), ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: outerEnvironment(),
    shell: npm[0] === 'npm' && process.platform === 'win32',
  })
  const started = Date.now()
  const folders = Object.keys(JSON.parse(lockfile.toString()).packages).filter((path) => path !== '')
  const timer = setInterval(() => {
    const there = folders.filter((path) => existsSync(join(root, path, 'package.json'))).length
    console.log(`  ${there} of ${folders.length} packages, ${Math.round((Date.now() - started) / 1000)} s`)
  }, 5000)
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`npm could not be started: ${error.message}`)
      resolve(1)
    })
    child.once('exit', resolve)
  })
  clearInterval(timer)
  if (code !== 0) {
    console.error('Installing the dependencies failed; what npm said is above. Check the network or the registry and run the command again.')
    process.exit(1)
  }
}

/** npm tells scripts about the command that runs them. An npm started from there must not take that for its own settings. */
function outerEnvironment() {
  const told = /^npm_(lifecycle|package|command|node_execpath|config_(local_prefix|global_prefix|prefix|node_gyp|noproxy|npm_version|user_agent)$)/
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !told.test(name)))
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
