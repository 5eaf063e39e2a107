import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { IconButton } from '../ui/button.tsx'

/** Says whose view this is, with a frame round the page in their colour. */
export function FollowBar({ name, colour, mark, onStop }: { name: string; colour: string; mark: ReactNode; onStop(): void }) {
  const { t } = useTranslation('presence')
  return (
    <>
      <div aria-hidden className="pointer-events-none fixed inset-0 z-30 border-[3px]" style={{ borderColor: colour }} />
      <div
        role="status"
        data-follow
        className="fade fixed inset-x-0 bottom-3 z-30 mx-auto flex w-fit max-w-[92vw] items-center gap-2 rounded-full bg-raised py-1 pr-1 pl-2 text-ui shadow-pop max-sm:bottom-[calc(64px+env(safe-area-inset-bottom))] forced-colors:border"
      >
        {mark}
        <span className="font-label">{t('followingBar', { name })}</span>
        <span className="text-fg-3">{t('anyInput')}</span>
        <IconButton label={t('stopFollowing')} onClick={onStop} className="rounded-full!">
          <X size={14} />
        </IconButton>
      </div>
    </>
  )
}
