import { useSyncExternalStore } from 'react'
import { z } from 'zod'
import type { ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import { FilePath } from '#shared/files/path.ts'
import { withNames } from '#shared/sessions/attachments.ts'
import { maxAttachments } from '#shared/sessions/schema.ts'
import { readStored, writeStored } from '../offline/stored.ts'
import { createStore, type Store } from '../ui/store.ts'

/** A file of the workspace that a message will name. */
export const Attached = z.object({ path: FilePath, size: z.number().nonnegative() })
export type Attached = z.infer<typeof Attached>

const Draft = z.object({ text: z.string(), files: z.array(Attached) })
export type Draft = z.infer<typeof Draft>

/** Names what one person writes in one session, or in a project that has none yet. */
export type DraftKey = string & { readonly draft: unique symbol }
export const draftKey = (user: UserId, project: ProjectId, session: SessionId | undefined) => `${user}:${session ?? project}` as DraftKey

const nothing: Draft = { text: '', files: [] }
const saveAfterMs = 250
const open = new Map<DraftKey, Store<Draft>>()
const unsaved = new Set<DraftKey>()
let timer: ReturnType<typeof setTimeout> | undefined

/** What is being written, kept in the browser: typing costs no more than a value in memory, saving follows. */
export function draftOf(key: DraftKey): Store<Draft> {
  const known = open.get(key)
  if (known) return known
  const store = createStore(read(key))
  store.subscribe(() => {
    unsaved.add(key)
    timer ??= setTimeout(saveDrafts, saveAfterMs)
  })
  open.set(key, store)
  return store
}

function read(key: DraftKey): Draft {
  try {
    return Draft.safeParse(JSON.parse(readStored(`draft:${key}`) ?? 'null')).data ?? nothing
  } catch {
    return nothing
  }
}

/** Writes what was typed since; also called when the page is left. */
export function saveDrafts(): void {
  clearTimeout(timer)
  timer = undefined
  for (const key of unsaved) {
    const draft = open.get(key)?.get() ?? nothing
    writeStored(`draft:${key}`, draft.text === '' && draft.files.length === 0 ? null : JSON.stringify(draft))
  }
  unsaved.clear()
}
if (typeof window !== 'undefined') window.addEventListener('pagehide', saveDrafts)

export const patchDraft = (key: DraftKey, change: Partial<Draft>) => draftOf(key).set({ ...draftOf(key).get(), ...change })

export function takeDraft(key: DraftKey): Draft {
  const draft = draftOf(key).get()
  draftOf(key).set(nothing)
  saveDrafts()
  return draft
}

/** Puts what was taken back in front of what was written since. */
export function returnDraft(key: DraftKey, draft: Draft): void {
  const now = draftOf(key).get()
  draftOf(key).set({ text: [draft.text, now.text].filter((text) => text !== '').join('\n'), files: [...draft.files, ...now.files] })
}

/** A part of a draft; the component renders again only when that part changes. */
export function useDraft<T extends string | boolean | readonly unknown[]>(key: DraftKey, select: (draft: Draft) => T): T {
  const store = draftOf(key)
  return useSyncExternalStore(store.subscribe, () => select(store.get()))
}

/** The message that a draft becomes: its text, then the files it names. */
export const messageOf = (draft: Draft): string =>
  withNames(
    draft.text.trim(),
    draft.files.map(({ path }) => path),
  )

/** What goes with the message beside its text. */
export const attachmentsOf = ({ files }: Draft): FilePath[] => files.slice(0, maxAttachments).map(({ path }) => path)
