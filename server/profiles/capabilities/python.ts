import { bindTools } from '../../tools/define.ts'
import { runPython } from '../../tools/run-python.ts'
import type { PythonServices } from '../../tools/services.ts'
import type { Capability } from '../define.ts'

/** Python in the room's shared interpreter. */
export const python = (services: PythonServices): Capability => ({ name: 'python', tools: bindTools(services, runPython) })
