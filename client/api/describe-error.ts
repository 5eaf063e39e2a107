import { AppError, type ErrorCode } from '#shared/base/errors.ts'
import { currentLanguage, serverText, t } from '../i18n/translate.ts'

/** Codes behind which the server says something of its own: which rule, which field, how long. */
const told = new Set<ErrorCode>(['invalid_input', 'forbidden', 'not_found', 'conflict', 'gone', 'sandbox_failed', 'model_failed', 'not_implemented'])

/** What people read when something failed, in their language. The server speaks English: elsewhere its sentence is the detail. */
export function describeError(error: unknown): string {
  if (!(error instanceof AppError)) return t('errors:page')
  if (!told.has(error.code) || !error.message) return t(`errors:${error.code}`)
  if (currentLanguage() === 'en') return error.message
  const said = serverText(error.message)
  if (said !== error.message) return said
  return t('errors:withDetail', { text: t(`errors:${error.code}`), detail: error.message })
}
