import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { root } from './root.mjs'

const Manifest = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
  allowScripts: z.record(z.string(), z.boolean()).default({}),
})
const Locked = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
})
const Lockfile = z.object({ packages: z.record(z.string(), Locked) })

/** Packages whose install script is not run: what it does is not needed. */
const scriptNotRun = new Set(['esbuild', 'es-module-lexer'])

/** What is wrong with how dependencies are named and locked, one line each; nothing when all is well. */
export function brokenLockRules(manifest: unknown, lockfile: unknown): string[] {
  const { dependencies, devDependencies, allowScripts } = Manifest.parse(manifest)
  const { packages } = Lockfile.parse(lockfile)
  const exact = Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name} ${version}: only exact versions of the registry`)
  const locked = Object.entries(packages)
    .filter(([path]) => path !== '')
    .flatMap(([path, { resolved, integrity, hasInstallScript }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
      return [
        ...(integrity?.startsWith('sha512-') ? [] : [`${path}: no sha512 digest`]),
        ...(resolved === undefined || resolved.startsWith('https://') ? [] : [`${path}: comes from ${resolved}`]),
        ...(hasInstallScript && !allowScripts[name] && !scriptNotRun.has(name) ? [`${path}: has an install script that nobody has looked at`] : []),
      ]
    })
  return [...exact, ...locked]
}

/** The same for this checkout. */
export function brokenHere(): string[] {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'))
  return brokenLockRules(read('package.json'), read('package-lock.json'))
}
