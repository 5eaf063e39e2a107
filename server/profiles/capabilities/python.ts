import { toolsNamed } from '../../tools/registry.ts'
import type { Capability } from '../define.ts'

/** Python in the room's shared interpreter. */
export const python = (): Capability => ({ name: 'python', tools: toolsNamed('run_python') })
