import type { Approval } from '#shared/approvals/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import type { Db } from '../db/port.ts'
import { digestOf } from './digest.ts'
import type { By, CheckedArgs } from './port.ts'
import * as store from './store.ts'
import { withNote } from './notes.ts'

/**
 * A decision, or an edit, counts only for the arguments that were read.
 * @param seen their digest; nothing is compared without one
 * @throws AppError `conflict`, naming who changed them
 */
export function checkSeen(approval: Approval, seen: string | undefined): void {
  if (seen === undefined || seen === digestOf(approval.args)) return
  const who = approval.editedBy?.name ?? 'Somebody'
  throw new AppError('conflict', `${who} changed the ${approval.tool === 'run_command' ? 'command' : 'request'} while you looked. Read it again.`)
}

/** Puts other arguments in, graded anew; earlier votes no longer count. The approval as it is when they are the same. */
export async function changeArgs(
  tx: Db,
  locked: { approval: Approval; version: number },
  checked: CheckedArgs,
  by: By,
  now: number,
): Promise<{ approval: Approval; version: number; changed: boolean }> {
  const { approval } = locked
  const digest = digestOf(checked.args)
  if (digest === digestOf(approval.args)) return { ...locked, changed: false }
  const cleared = approval.votes.filter((vote) => vote.by !== by.id).map((vote) => vote.name)
  const { args, title, risk, reasons } = checked
  const noted = withNote(approval, { kind: 'edited', by: by.id, name: by.name, at: now, cleared })
  const edited: Approval = {
    ...noted,
    args,
    title,
    risk,
    reasons,
    digest,
    editedBy: { id: by.id, name: by.name, at: now },
    asked: store.askedOf(approval),
    votes: [],
  }
  return { approval: edited, version: await store.editArgs(tx, edited), changed: true }
}
