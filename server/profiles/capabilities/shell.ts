import { toolsNamed } from '../../tools/registry.ts'
import type { Capability } from '../define.ts'

/** Commands and terminals in the room's sandbox. */
export const shell = (): Capability => ({ name: 'shell', tools: toolsNamed('run_command', 'open_terminal', 'read_terminal') })
