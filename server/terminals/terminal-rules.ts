import { AppError } from '#shared/base/errors.ts'
import type { TerminalId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Author } from '#shared/sessions/items.ts'
import { terminalLimits } from '#shared/terminals/schema.ts'
import type { NewTerminal, Terminal, TerminalSize } from '#shared/terminals/schema.ts'

/*
 * What becomes of a terminal. Pure: the same value back means that nothing changes.
 */

const defaultSize: TerminalSize = { cols: 100, rows: 30 }

/** @param others of the same room @throws AppError `conflict` when as many run as may */
export function newTerminal(given: NewTerminal, others: readonly Terminal[], by: Author, now: number): Terminal {
  if (others.filter(({ status }) => status === 'running').length >= terminalLimits.perProject)
    throw new AppError('conflict', `A room can have up to ${terminalLimits.perProject} terminals. Close one first.`)
  return {
    id: given.id ?? newId<TerminalId>('ter', now),
    // A name that somebody chose as its id is its title.
    title: given.title ?? (given.id && !given.id.startsWith('ter_') ? given.id : freeTitle(others)),
    createdBy: by,
    createdAt: now,
    cols: given.cols ?? defaultSize.cols,
    rows: given.rows ?? defaultSize.rows,
    status: 'running',
    exitCode: null,
    typist: null,
  }
}

function freeTitle(others: readonly Terminal[]): string {
  const taken = new Set(others.map(({ title }) => title))
  let number = 1
  while (taken.has(`Terminal ${number}`)) number += 1
  return `Terminal ${number}`
}

/** @param exitCode null when it was lost with its sandbox */
export const ended = (terminal: Terminal, exitCode: number | null): Terminal => ({ ...terminal, status: 'ended', exitCode })

/** It was lost with its sandbox: another shell may take its place. */
export const isLost = ({ status, exitCode }: Terminal): boolean => status === 'ended' && exitCode === null

/** Another shell is about to take its place. */
export const begunAgain = (terminal: Terminal): Terminal => ({ ...terminal, status: 'running', exitCode: null, typist: null, renewed: true })

/** No other shell could take its place. */
export const notBegunAgain = (terminal: Terminal): Terminal => ({ ...terminal, status: 'ended', renewed: false })

/** @throws AppError `conflict` when it has ended */
export function typedBy(terminal: Terminal, by: Author): Terminal {
  if (terminal.status === 'ended') throw new AppError('conflict', 'This terminal has ended.')
  return terminal.typist?.id === by.id ? terminal : { ...terminal, typist: by }
}

/** Somebody has another name now: who opened it and who types into it is said with that. */
export function withName(terminal: Terminal, userId: UserId, name: string): Terminal {
  const asNow = <A extends Author | null>(who: A): A => (who?.kind === 'user' && who.id === userId ? { ...who, name } : who)
  const [createdBy, typist] = [asNow(terminal.createdBy), asNow(terminal.typist)]
  return createdBy === terminal.createdBy && typist === terminal.typist ? terminal : { ...terminal, createdBy, typist }
}
