/** `npm start`: installs and builds what is missing, then runs the server until it is told to stop. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { ensureInstalled, serverNode } from './install.mjs'
import { checkNodeVersion } from './node-version.mjs'
import { root } from './root.mjs'

checkNodeVersion()
await ensureInstalled()
const node = serverNode()
ensureBuilt(node)

// The channel tells the server when this process is gone, so that it never outlives the command that started it.
const server = spawn(node, [join(root, 'server', 'main.ts'), ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })

// A terminal sends Ctrl-C to every process of the group, and npm passes it on as well: the server takes them for one.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => server.kill(signal))
}
// An npm that was killed passes nothing on, and the server would stay behind.
const parent = process.ppid
if (process.env.npm_lifecycle_event) {
  setInterval(() => {
    if (process.ppid !== parent) server.kill('SIGTERM')
  }, 500).unref()
}
server.once('error', (error) => {
  console.error(`The server could not be started: ${error.message}`)
  process.exit(1)
})
server.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 1)))
