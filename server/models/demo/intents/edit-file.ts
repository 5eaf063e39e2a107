import type { Intent } from '../intent.ts'
import { oneRound, unquote } from '../intent.ts'

const first = /^(?:please\s+)?in\s+[`"']?([\w./-]+)[`"']?,?\s+(?:replace|change)\s+(.+?)\s+(?:with|to|by)\s+(.+?)$/i
const last = /^(?:please\s+)?(?:replace|change)\s+(.+?)\s+(?:with|to|by)\s+(.+?)\s+in\s+[`"']?([\w./-]+?)[`"']?[.!]?$/i

function read(text: string): { path: string; old: string; new: string } | undefined {
  const a = first.exec(text)
  if (a) return { path: a[1] ?? '', old: unquote(a[2] ?? ''), new: unquote(a[3] ?? '') }
  const b = last.exec(text)
  return b ? { path: b[3] ?? '', old: unquote(b[1] ?? ''), new: unquote(b[2] ?? '') } : undefined
}

export const editFile: Intent = {
  id: 'edit-file',
  example: 'In notes.md replace tides with waves',
  does: 'Replaces one passage of a file.',
  matches: (text) => read(text) !== undefined,
  reply(conversation) {
    const edit = read(conversation.task.text) ?? { path: '', old: '', new: '' }
    return oneRound(
      conversation,
      `I change \`${edit.path}\`.`,
      [{ name: 'edit_file', args: edit }],
      () => `In \`${edit.path}\`, “${edit.old}” is now “${edit.new}”.`,
    )
  },
}
