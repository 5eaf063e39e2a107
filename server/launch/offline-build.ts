import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformWithOxc, type Plugin } from 'vite'

/** Builds the service worker: its source without types, and the name and files of the build it belongs to. */
export function offlineBuild(source: string): Plugin {
  return {
    name: 'atrium-offline',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const files = Object.keys(bundle)
        .filter((file) => /^assets\/.+\.(js|css|woff2|svg)$/.test(file))
        .sort()
        .map((file) => `/${file}`)
      const { code } = await transformWithOxc(readFileSync(source, 'utf8'), source)
      const id = createHash('sha256').update(files.join('\n')).update(code).digest('hex').slice(0, 12)
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: `const BUILD = ${JSON.stringify({ id, files })}\n${code}` })
    },
  }
}

export const serviceWorkerSource = join(import.meta.dirname, '..', '..', 'client', 'service-worker.ts')
