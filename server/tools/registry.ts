import type { Tool } from './define.ts'
import { askPeople } from './ask-people.ts'
import { computer } from './computer.ts'
import { editFile } from './edit-file.ts'
import { listFiles } from './list-files.ts'
import { readFile } from './read-file.ts'
import { runCommand } from './run-command.ts'
import { runPython } from './run-python.ts'
import { searchFiles } from './search-files.ts'
import { uiNotify, uiOpenTab } from './suggest.ts'
import { startPreview } from './start-preview.ts'
import { openTerminal, readTerminal } from './terminals.ts'
import { updateTodos } from './update-todos.ts'
import { writeFile } from './write-file.ts'

/** Every tool an agent can be given. */
export const builtInTools: readonly Tool[] = [
  listFiles,
  readFile,
  writeFile,
  editFile,
  searchFiles,
  runCommand,
  runPython,
  openTerminal,
  readTerminal,
  startPreview,
  computer,
  updateTodos,
  askPeople,
  uiOpenTab,
  uiNotify,
]

/** Tools by name. @throws Error for a name that is not built in: a mistake in a capability. */
export function toolsNamed(...names: string[]): Tool[] {
  return names.map((name) => {
    const tool = builtInTools.find((candidate) => candidate.name === name)
    if (!tool) throw new Error(`no built-in tool is named ${name}`)
    return tool
  })
}
