import { createComputer } from '../../tools/computer.ts'
import { bindTools } from '../../tools/define.ts'
import type { DesktopServices } from '../../tools/services.ts'
import type { Capability } from '../define.ts'

/** The shared desktop. @param options.maxSteps actions of one run */
export const computer = (services: DesktopServices, options: { maxSteps?: number } = {}): Capability => ({
  name: 'computer',
  tools: bindTools(services, createComputer(options)),
})
