import { lateNamespaces } from './late.ts'
import { startTranslation } from './translate.ts'

await startTranslation('en', lateNamespaces)
