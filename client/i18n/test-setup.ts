import { startTranslation } from './translate.ts'

await startTranslation('en')
