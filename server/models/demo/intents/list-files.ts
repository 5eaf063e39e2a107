import { fieldOf, isRecord } from '../conversation.ts'
import type { Intent } from '../intent.ts'
import { oneRound } from '../intent.ts'

export const listFiles: Intent = {
  id: 'list-files',
  example: 'List the files',
  exampleInChinese: '列出所有文件',
  cues: [
    'list files !aFile !search +0.25',
    '^files list !aFile',
    'files short !search !aFile !write !delete !make +0.5',
    'read aFolder files !aFile',
    'show aFolder !aFile',
  ],
  reply(task) {
    const { say, request } = task
    const path = request.folder
    return oneRound(task, say.files.listing(path), [{ name: 'list_files', args: path ? { path } : {} }], ({ result }) => {
      const entries = fieldOf(result, 'entries')
      if (!Array.isArray(entries)) return `${say.files.found}\n\n${result?.text.slice(0, 1500) ?? ''}`
      if (entries.length === 0) return say.files.none
      const lines = entries.filter(isRecord).map((entry) => `- \`${String(entry.name)}${entry.type === 'folder' ? '/' : ''}\``)
      return `${say.files.entries(lines.length)}\n\n${lines.slice(0, 50).join('\n')}`
    })
  },
}
