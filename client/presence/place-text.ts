import { t } from '../i18n/translate.ts'
import type { Present } from '../sync/use-presence.ts'

/** Where somebody is, in a few words. */
export function placeText({ place, plan, typing, active }: Present): string {
  if (active === false) return t('presence:place.away')
  if (typing) return t('presence:place.writing')
  if (plan) return t('presence:place.plan')
  if (place?.tab === 'files' && place.file) return place.file
  return place?.tab ? t(`presence:tabs.${place.tab}`) : t('presence:place.here')
}
