import { toast } from 'sonner'
import type { FilePath } from '#shared/files/path.ts'
import { formatNumber } from '../i18n/format.ts'
import { refuseLongPastes } from '../ui/long-paste.ts'
import { noticesWanted } from '../ui/notify.ts'
import { saveCopy } from '../files/save-copy.ts'
import { tOf } from '../i18n/translate.ts'

const t = tOf('notices')

/** Long enough to read it and to save the text. */
const shownMs = 20_000

function tell(text: string, most: number, lines: number | undefined, field: HTMLElement): void {
  noticesWanted.set(true)
  const kinds = { lines: formatNumber(lines ?? 1), most: formatNumber(most) }
  toast.error(lines ? t('paste.lines', kinds) : t('paste.long', kinds), {
    id: 'long-paste',
    description: t('paste.kept'),
    duration: shownMs,
    action: {
      label: t('paste.save'),
      onClick() {
        saveCopy('text.txt' as FilePath, text)
        // Back to where they write.
        field.focus()
      },
    },
  })
}

/** Tells whoever pastes what no field takes, and keeps it until they have read that. @returns how to stop */
export const tellOfLongPastes = (): (() => void) => refuseLongPastes(tell)
