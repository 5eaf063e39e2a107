import { toolsNamed } from '../../tools/registry.ts'
import type { Capability } from '../define.ts'

/** The shared plan. */
export const board = (): Capability => ({ name: 'board', tools: toolsNamed('update_todos') })
