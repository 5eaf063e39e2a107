import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls, maxUploadBytes } from '#shared/files/api.ts'
import { type FilePath, NewFilePath } from '#shared/files/path.ts'
import { call } from '../api/api.ts'
import { formatBytes } from '../i18n/format.ts'
import { describeError } from '../api/describe-error.ts'
import { sendFile } from '../api/send-file.ts'
import { t } from '../i18n/translate.ts'
import { draftOf, patchDraft, type DraftKey } from './drafts.ts'
import type { Upload, Uploads } from './upload.ts'

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

let made = 0

/** Sends what is attached to a draft, and keeps the list of it. Going to another room stops nothing. */
export function createSender(key: DraftKey, projectId: ProjectId, list: Uploads['list']): Omit<Uploads, 'list'> {
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
      const { path, file, abort } = one
      const onBytes = (bytes: number) => patch(id, { share: file.size > 0 ? Math.min(1, bytes / file.size) : 0 })
      await sendFile(fileCalls.writeFile, { id: projectId, path }, file, { onBytes, signal: abort.signal })
      drop(id)
      const { files } = draftOf(key).get()
      if (!files.some((file) => file.path === one.path)) patchDraft(key, { files: [...files, { path: one.path, size: one.file.size }] })
    } catch (error) {
      if (one.abort.signal.aborted) drop(id)
      else patch(id, { problem: describeError(error) })
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

  return {
    async add(files, pasted = false) {
      const taken = await namesTaken()
      const ids: number[] = []
      for (const file of files) {
        made += 1
        const path = NewFilePath.safeParse(freeName(nameFor(file, pasted, new Date()), taken))
        const problem = !path.success
          ? t('composer:upload.name')
          : file.size > maxUploadBytes
            ? t('composer:upload.large', { size: formatBytes(maxUploadBytes) })
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
}
