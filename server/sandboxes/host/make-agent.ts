/**
 * `node make-agent.ts <source> <target>`: the agent as one plain file, so that a sandbox starts without reading types.
 * A program of its own: what bundles stays out of the server's memory.
 */
import { chmod, cp, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'

const [source = '', target = ''] = process.argv.slice(2)
await mkdir(join(target, 'python'), { recursive: true })
await build({
  configFile: false,
  root: source,
  logLevel: 'error',
  build: {
    ssr: join(source, 'main.ts'),
    outDir: target,
    emptyOutDir: false,
    minify: false,
    target: 'node24',
    rolldownOptions: { output: { format: 'cjs', entryFileNames: 'main.cjs', codeSplitting: false } },
  },
})
await cp(join(source, 'bin'), join(target, 'bin'), { recursive: true })
for (const name of await readdir(join(source, 'python'))) {
  if (name.endsWith('.py')) await cp(join(source, 'python', name), join(target, 'python', name))
}
// The sandbox's user reads it, whatever the umask here.
for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name)
  await chmod(path, entry.isDirectory() || entry.parentPath.endsWith('bin') ? 0o755 : 0o644)
}
await chmod(target, 0o755)
