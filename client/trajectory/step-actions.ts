import type { SessionId, ProjectId, TerminalId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { FolderPath } from '#shared/files/path.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { readPart } from '#shared/sessions/presentation.ts'
import { terminalCalls } from '#shared/terminals/api.ts'
import { terminalLimits } from '#shared/terminals/schema.ts'
import { attempt } from '../api/attempt.ts'
import { notify } from '../ui/notify.ts'
import { t } from '../i18n/translate.ts'
import { presentationOf, textOf } from './call-presentation.ts'

/** A terminal in the folder of a command, with the command behind its prompt: whoever is there runs it. False when there is none. */
export async function openInTerminal(projectId: ProjectId, item: ToolCallItem): Promise<boolean> {
  const shown = presentationOf(item)
  if (shown.kind !== 'command') return false
  const folder = FolderPath.safeParse((shown.folder ?? '').replace(/^\.?\/+|\/+$/g, '').replace(/^\.$/, '')).data
  const typed = textOf(readPart(item, shown.command)).trim()
  const body = { id: newId<TerminalId>('ter'), ...(folder && { cwd: folder }), ...(typed.length <= terminalLimits.typed && { typed }) }
  return (await attempt(terminalCalls.openTerminal, { params: { id: projectId }, body }, t('trajectory:step.noTerminal'))) !== undefined
}

/** Takes an edit back, where it stands now, as an edit of this person. */
export async function undoEdit(sessionId: SessionId, item: ToolCallItem): Promise<void> {
  const id = `undo ${item.id}`
  const undone = await attempt(sessionCalls.undoEdit, { params: { id: sessionId, itemId: item.id } }, t('trajectory:step.notUndone'), id)
  if (!undone) return
  const { path, changed } = undone.answer
  notify(t(changed ? 'trajectory:step.undone' : 'trajectory:step.undoneBefore', { path }), { id })
}
