import type { ToolDefinition } from './define.ts'
import { askPeople } from './ask-people.ts'
import { computer } from './computer.ts'
import { editFile } from './edit-file.ts'
import { listFiles } from './list-files.ts'
import { readFile } from './read-file.ts'
import { runCommand } from './run-command.ts'
import { runPython } from './run-python.ts'
import { searchFiles } from './search-files.ts'
import type { ToolServices } from './services.ts'
import { uiNotify, uiOpenTab } from './suggest.ts'
import { startPreview } from './start-preview.ts'
import { openTerminal, readTerminal } from './terminals.ts'
import { updateTodos } from './update-todos.ts'
import { writeFile } from './write-file.ts'

/** Every tool that comes with the server. */
export const builtInTools: readonly ToolDefinition<ToolServices>[] = [
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
