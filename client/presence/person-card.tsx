import { Popover } from 'radix-ui'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { Key } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'

type Props = {
  name: string
  /** Where they are, or what they do. */
  where: string
  /** Their mark, large. */
  large: ReactNode
  followed: boolean
  open: boolean
  onOpenChange(open: boolean): void
  onFollow(): void
  onMention: (() => void) | undefined
  trigger: ReactNode
}

/** Who somebody is, where they are, and what one can do about it. */
export default function PersonCard({ name, where, large, followed, open, onOpenChange, onFollow, onMention, trigger }: Props) {
  const { t } = useTranslation('presence')
  const choose = (act: () => void) => () => {
    onOpenChange(false)
    act()
  }
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={name}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="rise z-40 w-[250px] rounded-xl bg-raised p-3 shadow-pop forced-colors:border"
        >
          <div className="flex items-center gap-2.5">
            {large}
            <div className="min-w-0">
              <p className="truncate text-ui font-title">{name}</p>
              <p className="truncate text-small text-fg-3">{where}</p>
            </div>
          </div>
          <div className="mt-3 flex gap-1.5">
            <Button onClick={choose(onFollow)}>
              {followed ? t('stopFollowing') : t('follow')} <Key>F</Key>
            </Button>
            {onMention && (
              <Button look="ghost" onClick={choose(onMention)}>
                {t('mention')}
              </Button>
            )}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
