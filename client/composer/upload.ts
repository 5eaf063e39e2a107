import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls, maxFileBytes } from '#shared/files/api.ts'
import { FilePath } from '#shared/files/path.ts'
import { call, urlOf } from '../base/api.ts'
import { formatBytes } from '../base/format.ts'
import { createStore, type Store } from '../base/store.ts'
import { t } from '../i18n/translate.ts'
import { draftOf, patchDraft, type DraftKey } from './drafts.ts'

/** A file on its way into the workspace. `share` is how much of it is there, 0 to 1. `final`: trying again is of no use. */
export type Upload = { id: number; name: string; size: number; share: number; problem?: string | undefined; final?: boolean }

/** The name of a pasted picture says nothing: it gets the time instead. */
export function nameFor(file: { name: string; type: string }, pasted: boolean, now: Date): string {
  const plain = file.name.normalize('NFC').replace(/[\p{Cc}/\\]/gu, '')
  if (!pasted || !/^image\.\w+$/.test(plain)) return plain === '' || /^\.+$/.test(plain) ? 'file' : plain
  const at = now.toISOString().slice(0, 19).replace(/[T:]/g, '-')
  return `pasted-${at}${plain.slice(plain.lastIndexOf('.'))}`
}

/** `data.csv`, or `data-2.csv` where that is taken. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length
  let free = name
  for (let n = 2; taken.has(free); n++) free = `${name.slice(0, dot)}-${n}${name.slice(dot)}`
  return free
}

/** Puts a file's bytes into the workspace, telling how far it is. @throws Error with a sentence for people */
function put(projectId: ProjectId, path: FilePath, file: File, onShare: (share: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', urlOf(fileCalls.writeFile, { id: projectId, path }, undefined))
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.setRequestHeader('accept', 'application/json')
    request.upload.addEventListener('progress', (event) => onShare(event.total > 0 ? event.loaded / event.total : 0))
    request.addEventListener('load', () => {
      if (request.status < 300) resolve()
      else reject(new Error(messageIn(request.responseText) ?? t('composer:upload.failed')))
    })
    request.addEventListener('error', () => reject(new Error(t('composer:upload.unreachable'))))
    request.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

function messageIn(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { error?: { message?: string } }).error?.message
  } catch {
    return undefined
  }
}

export type Uploads = {
  list: Store<readonly Upload[]>
  /** Adds files to the workspace's root, under names that are free; each is named in the draft once it is there. */
  add(files: readonly File[], pasted?: boolean): Promise<void>
  /** Stops one that is on its way, or takes a failed one off the list. */
  cancel(id: number): void
  retry(id: number): void
}

let made = 0
const open = new Map<DraftKey, Uploads>()

/** What is being attached to one draft. Going to another room stops nothing. */
export function uploadsOf(key: DraftKey, projectId: ProjectId): Uploads {
  const known = open.get(key)
  if (known) return known
  const list = createStore<readonly Upload[]>([])
  const running = new Map<number, { abort: AbortController; file: File; path: FilePath }>()
  const patch = (id: number, change: Partial<Upload>) => list.set(list.get().map((one) => (one.id === id ? { ...one, ...change } : one)))
  const drop = (id: number) => {
    running.delete(id)
    list.set(list.get().filter((one) => one.id !== id))
  }

  async function start(id: number) {
    const one = running.get(id)
    if (!one) return
    try {
      await put(projectId, one.path, one.file, (share) => patch(id, { share }), one.abort.signal)
      drop(id)
      const { files } = draftOf(key).get()
      if (!files.some((file) => file.path === one.path)) patchDraft(key, { files: [...files, { path: one.path, size: one.file.size }] })
    } catch (error) {
      if (one.abort.signal.aborted) drop(id)
      else patch(id, { problem: error instanceof Error ? error.message : t('composer:upload.failed') })
    }
  }

  async function namesTaken(): Promise<Set<string>> {
    const ours = [
      ...[...running.values()].map((one) => one.path as string),
      ...draftOf(key)
        .get()
        .files.map((file) => file.path as string),
    ]
    try {
      const { entries } = await call(fileCalls.listFiles, { params: { id: projectId } })
      return new Set([...ours, ...entries.map((entry) => entry.name)])
    } catch {
      return new Set(ours)
    }
  }

  const uploads: Uploads = {
    list,
    async add(files, pasted = false) {
      const taken = await namesTaken()
      const ids: number[] = []
      for (const file of files) {
        made += 1
        const path = FilePath.safeParse(freeName(nameFor(file, pasted, new Date()), taken))
        const problem = !path.success
          ? t('composer:upload.name')
          : file.size > maxFileBytes
            ? t('composer:upload.large', { size: formatBytes(maxFileBytes) })
            : undefined
        list.set([
          ...list.get(),
          { id: made, name: path.success ? path.data : file.name, size: file.size, share: 0, ...(problem && { problem, final: true }) },
        ])
        if (problem !== undefined || !path.success) continue
        taken.add(path.data)
        running.set(made, { abort: new AbortController(), file, path: path.data })
        ids.push(made)
      }
      await Promise.all(ids.map(start))
    },
    cancel(id) {
      const one = running.get(id)
      if (one && list.get().find((upload) => upload.id === id)?.problem === undefined) one.abort.abort()
      else drop(id)
    },
    retry(id) {
      patch(id, { share: 0, problem: undefined })
      void start(id)
    },
  }
  open.set(key, uploads)
  return uploads
}
