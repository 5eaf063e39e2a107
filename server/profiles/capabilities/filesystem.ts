import { toolsNamed } from '../../tools/registry.ts'
import type { Capability } from '../define.ts'

/** Reading, writing and searching the room's files. `write: false` leaves what changes them out. */
export function filesystem(options: { write?: boolean } = {}): Capability {
  const reading = toolsNamed('list_files', 'read_file', 'search_files')
  return { name: 'filesystem', tools: options.write === false ? reading : [...reading, ...toolsNamed('write_file', 'edit_file')] }
}
