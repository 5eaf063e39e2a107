import { bindTools } from '../../tools/define.ts'
import type { BoardServices } from '../../tools/services.ts'
import { updateTodos } from '../../tools/update-todos.ts'
import type { Capability } from '../define.ts'

/** The shared plan. */
export const board = (services: BoardServices): Capability => ({ name: 'board', tools: bindTools(services, updateTodos) })
