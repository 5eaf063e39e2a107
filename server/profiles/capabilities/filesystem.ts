import { bindTools } from '../../tools/define.ts'
import { editFile } from '../../tools/edit-file.ts'
import { listFiles } from '../../tools/list-files.ts'
import { readFile } from '../../tools/read-file.ts'
import { searchFiles } from '../../tools/search-files.ts'
import type { FileServices } from '../../tools/services.ts'
import { writeFile } from '../../tools/write-file.ts'
import type { Capability } from '../define.ts'

/** Reading, writing and searching the room's files. `write: false` leaves what changes them out. */
export function filesystem(services: FileServices, options: { write?: boolean } = {}): Capability {
  const writing = options.write === false ? [] : [writeFile, editFile]
  return { name: 'filesystem', tools: bindTools(services, listFiles, readFile, searchFiles, ...writing) }
}
