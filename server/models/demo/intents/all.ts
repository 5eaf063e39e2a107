import type { Intent } from '../intent.ts'
import { approval } from './approval.ts'
import { ask } from './ask.ts'
import { buildPage, restylePage } from './build-page.ts'
import { desktop } from './desktop.ts'
import { editFile } from './edit-file.ts'
import { fail } from './fail.ts'
import { hello } from './hello.ts'
import { help } from './help.ts'
import { listFiles } from './list-files.ts'
import { longText } from './long-text.ts'
import { parallel } from './parallel.ts'
import { plan } from './plan.ts'
import { preview } from './preview.ts'
import { python } from './python.ts'
import { readFile } from './read-file.ts'
import { runCommand } from './run-command.ts'
import { searchFiles } from './search-files.ts'
import { about, thanks } from './small-talk.ts'
import { steps } from './steps.ts'
import { summarise } from './summarise.ts'
import { who } from './who.ts'
import { writeFile } from './write-file.ts'

/** Everything the demo model understands; of two that are equally sure of a request, the earlier one has it. */
export const demoIntents: readonly Intent[] = [
  buildPage,
  restylePage,
  desktop,
  python,
  preview,
  plan,
  writeFile,
  editFile,
  readFile,
  summarise,
  listFiles,
  searchFiles,
  parallel,
  runCommand,
  approval,
  ask,
  longText,
  steps,
  who,
  fail,
  hello,
  thanks,
  about,
  help,
]
