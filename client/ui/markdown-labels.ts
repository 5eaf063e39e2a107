import { useMemo } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'

/** Words the parts of Markdown need. */
export type MarkdownLabels = { copy: string; copied: string; code: string; table: string; done: string; open: string; picture(name: string): string }

/** The same object until the language changes, so that finished parts are not drawn again. */
export function useMarkdownLabels(): MarkdownLabels {
  const { t } = useTranslation('trajectory', 'common')
  return useMemo(
    () => ({
      copy: t('common:copy'),
      copied: t('common:copied'),
      code: t('trajectory:code'),
      table: t('trajectory:table'),
      done: t('trajectory:task.done'),
      open: t('trajectory:task.open'),
      picture: (name) => t('trajectory:picture', { name }),
    }),
    [t],
  )
}
