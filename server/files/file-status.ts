import type { FileState, FileStatus } from '#shared/files/state.ts'
import type { Look } from './disk.ts'

/*
 * How an open file stands to the disk, and what makes another status of it. Pure.
 */

export type StatusDetails = Pick<FileState, 'detail' | 'to' | 'by'>

/** The same value back means that nothing changes. */
export function changeStatus(state: FileState, status: FileStatus, now: number, more: StatusDetails = {}): FileState {
  // What was moved is not deleted as well.
  if (state.status === 'moved' || (state.status === status && state.detail === more.detail)) return state
  return { path: state.path, status, since: now, ...more }
}

/** Whether what is written in the document is to come to the disk. */
export const isPending = ({ status }: FileState): boolean => status === 'level' || status === 'waiting' || status === 'failed' || status === 'missing'

/** Whether its text is what people mean by the file: not one that was deleted or replaced on the disk. */
export const isStanding = ({ status }: FileState): boolean => status === 'level' || status === 'waiting' || status === 'failed'

/** Of what stands at the file's path and is no text that can be opened. */
export function statusOfNoText(found: Exclude<Look['status'], 'same' | 'text' | 'missing'>): [FileStatus, StatusDetails] {
  if (found === 'large') return ['too_large', {}]
  return ['not_text', found === 'folder' ? { detail: 'There is now a folder in its place.' } : {}]
}
