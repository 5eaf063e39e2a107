import { toolsNamed } from '../../tools/registry.ts'
import type { Capability } from '../define.ts'

/** Commands in the room's sandbox. */
export const shell = (): Capability => ({ name: 'shell', tools: toolsNamed('run_command') })
