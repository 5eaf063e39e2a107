import { toolsNamed } from '../../tools/registry.ts'
import type { Capability } from '../define.ts'

/** Asking the people of the room. */
export const people = (): Capability => ({ name: 'people', tools: toolsNamed('ask_people') })
