import type { OfflineEditsId } from '#shared/base/ids.ts'
import { AppError } from '#shared/base/errors.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { OfflineMerge } from '#shared/files/merge-offline-edits.ts'
import { maxOpenBytes } from '#shared/files/doc.ts'
import type { HeldBecause } from '../offline/unmerged-edits.ts'
import { call } from '../api/api.ts'
import type { UnmergedEdit } from '../offline/offline-store.ts'
import { textsOf } from './unmerged-texts.ts'

export type MergeOutcome =
  | { done: OfflineMerge }
  /** There was nothing to merge. */
  | { done: undefined }
  | { held: HeldBecause }
  /** It may be tried again. */
  | { later: true }

/** Asks the server to merge edits that could not be synced. With `make`, a file that is gone is made again. */
export async function mergeOfflineEdits(edit: UnmergedEdit, make = false): Promise<MergeOutcome> {
  if (edit.large) return { held: edit.name.startsWith('file/') ? 'large' : 'draft' }
  const texts = textsOf(edit)
  if (!texts || texts.base === texts.text) return { done: undefined }
  const { projectId, path, base, text } = texts
  if (base === undefined) return { held: 'unmerged' }
  if (text.length > maxOpenBytes || base.length > maxOpenBytes) return { held: 'too_large' }
  try {
    const done = await call(fileCalls.handIn, { params: { id: projectId }, body: { id: edit.id as OfflineEditsId, path, base, text, make } })
    return done.status === 'merged' ? { done } : { held: done.status }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    switch (error.code) {
      case 'forbidden':
      case 'not_found':
        return { held: 'forbidden' }
      case 'too_large':
      case 'invalid_input':
        return { held: 'too_large' }
      default:
        return { later: true }
    }
  }
}
