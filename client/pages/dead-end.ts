import { withStrings } from '../i18n/translate.ts'
import { lazy } from '../ui/lazy.ts'

/** Few visits come to one, so that its code and words are fetched by those. */
export const DeadEnd = lazy(() => withStrings(import('./dead-end-page.tsx'), 'missing'))
