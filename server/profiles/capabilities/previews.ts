import { bindTools } from '../../tools/define.ts'
import type { PreviewServices } from '../../tools/services.ts'
import { startPreview } from '../../tools/start-preview.ts'
import type { Capability } from '../define.ts'

/** Showing people a web app of the sandbox. */
export const previews = (services: PreviewServices): Capability => ({ name: 'previews', tools: bindTools(services, startPreview) })
