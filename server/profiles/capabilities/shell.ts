import { bindTools } from '../../tools/define.ts'
import { runCommand } from '../../tools/run-command.ts'
import type { ShellServices } from '../../tools/services.ts'
import { openTerminal, readTerminal } from '../../tools/terminals.ts'
import type { Capability } from '../define.ts'

/** Commands and terminals in the room's sandbox. */
export const shell = (services: ShellServices): Capability => ({ name: 'shell', tools: bindTools(services, runCommand, openTerminal, readTerminal) })
