/** `npm run admin`: what whoever runs the server does with people and with all of its content. Installs what is missing first; nothing needs to be built. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureInstalled, serverNode } from './install.mjs'
import { checkNodeVersion } from './node-version.mjs'
import { root } from './root.mjs'

checkNodeVersion()
await ensureInstalled()
const command = spawn(serverNode(), [join(root, 'server', 'admin.ts'), ...process.argv.slice(2)], { stdio: 'inherit' })
command.once('error', (error) => {
  console.error(`The command could not be started: ${error.message}`)
  process.exit(1)
})
command.once('exit', (code) => process.exit(code ?? 1))
