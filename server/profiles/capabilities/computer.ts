import { createComputer } from '../../tools/computer.ts'
import type { Capability } from '../define.ts'

/** The shared desktop. @param options.maxSteps actions of one run */
export const computer = (options: { maxSteps?: number } = {}): Capability => ({ name: 'computer', tools: [createComputer(options)] })
