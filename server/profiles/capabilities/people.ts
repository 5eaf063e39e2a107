import { toolsNamed } from '../../tools/registry.ts'
import type { Capability } from '../define.ts'

/** Asking the people of the room, and suggesting what to look at. */
export const people = (): Capability => ({ name: 'people', tools: toolsNamed('ask_people', 'ui_open_tab', 'ui_notify') })
