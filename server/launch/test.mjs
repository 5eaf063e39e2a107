/** `npm test`: installs what is missing, then runs every gate and suite. */
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

const tests = spawn(node, [join(root, 'server', 'launch', 'run-tests.ts'), ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => tests.kill(signal))
tests.once('exit', (code) => process.exit(code ?? 1))
