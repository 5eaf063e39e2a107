import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { AppError } from '#shared/base/errors.ts'
import type { FileEntry } from '#shared/files/schema.ts'
import type { Sandbox } from '../sandboxes/port.ts'

const notHere = () => Promise.reject(new AppError('unavailable', 'a folder has files and commands, and nothing else of a machine'))

/**
 * A sandbox in name only: a temporary folder and plain bash, for tests of what uses the port. It keeps nothing apart;
 * never run in it what a test did not write.
 */
export async function openFolderSandbox(): Promise<{ sandbox: Sandbox; folder: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'atrium-folder-'))
  const at = (path: string) => join(folder, path)
  const entry = async (path: string): Promise<FileEntry> => {
    const found = await stat(at(path))
    const type = found.isDirectory() ? 'folder' : 'file'
    return { name: path.split('/').at(-1) ?? path, type, size: type === 'file' ? found.size : 0, modifiedAt: Math.round(found.mtimeMs) }
  }
  const sandbox: Sandbox = {
    id: 'folder',
    files: {
      read: (path) => orNotFound(path, readFile(at(path))),
      async write(path, content) {
        await mkdir(dirname(at(path)), { recursive: true })
        await writeFile(at(path), content)
      },
      async list(path) {
        const names = await orNotFound(path, readdir(at(path)))
        return Promise.all(names.sort().map((name) => entry(path === '' ? name : `${path}/${name}`)))
      },
      stat: (path) => orNotFound(path, entry(path)),
      async makeFolder(path) {
        await mkdir(at(path), { recursive: true })
      },
      rename: (from, to) => orNotFound(from, rename(at(from), at(to))),
      remove: (path) => orNotFound(path, rm(at(path), { recursive: true })),
      watch: async () => async () => undefined,
    },
    async run(command, options = {}) {
      const env = { PATH: process.env.PATH, ...options.env }
      const child = spawn('/bin/bash', ['-c', command], { cwd: at(options.cwd ?? ''), env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
      child.stdout.setEncoding('utf8').on('data', (text: string) => options.onStdout?.(text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => options.onStderr?.(text))
      const state = { timedOut: false, killed: false }
      const end = (how: keyof typeof state) => {
        state[how] = true
        if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
      }
      const timer = options.timeoutMs ? setTimeout(() => end('timedOut'), options.timeoutMs) : undefined
      const exit = new Promise<{ exitCode: number; timedOut: boolean; killed: boolean }>((resolve) => {
        child.once('close', (code) => {
          clearTimeout(timer)
          resolve({ exitCode: code ?? 137, ...state })
        })
      })
      return { pid: child.pid ?? 0, sendStdin: async () => undefined, kill: async () => end('killed'), exit }
    },
    terminals: { open: notHere, connect: notHere },
    python: { run: notHere, contexts: notHere, createContext: notHere, removeContext: notHere, restart: notHere, interrupt: notHere },
    ports: { connect: notHere, listening: notHere, watch: notHere },
    desktop: { status: notHere, start: notHere, connect: notHere, stop: notHere },
    usage: notHere,
  }
  return { sandbox, folder, close: () => rm(folder, { recursive: true, force: true }) }
}

async function orNotFound<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new AppError('not_found', `${path} does not exist.`)
    throw error
  }
}
