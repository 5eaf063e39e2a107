/**
 * `node server/deploy/make-image.ts <folder> [interface]`: puts what an image of Atrium has into an empty folder. The interface is
 * built, into `dist` unless another folder is named, and the packages are installed before. The image has a Node of its own: the
 * package that brings one for other machines stays out.
 */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createLogger } from '../base/logger.ts'
import { root } from '../launch/root.mjs'
import { agentFolder } from '../sandboxes/host/agent-folder.ts'
import { copyPackage, copySource, namedIn, packagesFor } from './image-files.ts'
import type { Lock } from './image-files.ts'

type Manifest = { name: string; version: string; license: string; imports: Record<string, string>; dependencies: Record<string, string> }

const [folder, built = join(root, 'dist')] = process.argv.slice(2)
if (folder === undefined) throw new Error('Say which folder: node server/deploy/make-image.ts <folder>')
const readJson = async (name: string) => JSON.parse(await readFile(join(root, name), 'utf8')) as unknown
const { name, version, license, imports, dependencies } = (await readJson('package.json')) as Manifest

await mkdir(folder, { recursive: true })
for (const source of ['server', 'shared']) await copySource(root, folder, source)
await cp(built, join(folder, 'dist'), { recursive: true })
await cp(join(root, 'LICENSE'), join(folder, 'LICENSE'))

const own = Object.keys(dependencies).filter((each) => each !== 'node')
const lock = (await readJson('package-lock.json')) as Lock
const packages = packagesFor(await namedIn([join(folder, 'server'), join(folder, 'shared')], own), lock)
for (const path of packages) await copyPackage(root, folder, path, lock.packages[path]?.optional === true)

// Made here, as the image has no bundler and is not written to. Without it sandboxes start more slowly.
const agent = await agentFolder(createLogger('warn'))
if (agent.main !== 'main.cjs') throw new Error("the sandboxes' agent could not be made; the reason is above")
await cp(agent.path, join(folder, 'node_modules', '.cache', 'atrium', basename(agent.path)), { recursive: true })

const scripts = { start: 'node server/main.ts', admin: 'node server/admin.ts' }
await writeFile(
  join(folder, 'package.json'),
  `${JSON.stringify({ name, version, private: true, license, type: 'module', imports, scripts }, null, 2)}\n`,
)
process.stdout.write(`${packages.length} packages\n`)
