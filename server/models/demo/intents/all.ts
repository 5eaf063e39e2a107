import type { Intent } from '../intent.ts'
import { approval } from './approval.ts'
import { ask } from './ask.ts'
import { buildPage, restylePage } from './build-page.ts'
import { desktop } from './desktop.ts'
import { editFile } from './edit-file.ts'
import { fail } from './fail.ts'
import { hello } from './hello.ts'
import { createHelp } from './help.ts'
import { listFiles } from './list-files.ts'
import { longText } from './long-text.ts'
import { parallel } from './parallel.ts'
import { plan } from './plan.ts'
import { preview } from './preview.ts'
import { python } from './python.ts'
import { readFile } from './read-file.ts'
import { runCommand } from './run-command.ts'
import { searchFiles } from './search-files.ts'
import { steps } from './steps.ts'
import { who } from './who.ts'
import { writeFile } from './write-file.ts'

/** Everything the demo model understands. The first that matches answers; `help` answers the rest. */
export const demoIntents: readonly Intent[] = [
  buildPage,
  restylePage,
  desktop,
  python,
  preview,
  plan,
  parallel,
  approval,
  ask,
  runCommand,
  longText,
  writeFile,
  editFile,
  readFile,
  listFiles,
  searchFiles,
  steps,
  who,
  hello,
  fail,
  createHelp(() => demoIntents),
]
