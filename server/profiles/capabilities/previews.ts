import { toolsNamed } from '../../tools/registry.ts'
import type { Capability } from '../define.ts'

/** Showing people a web app of the sandbox. */
export const previews = (): Capability => ({ name: 'previews', tools: toolsNamed('start_preview') })
