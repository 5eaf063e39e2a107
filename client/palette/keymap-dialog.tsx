import { useSyncExternalStore } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { commandGroups, offeredCommands } from '../commands/commands.ts'
import { keyParts } from '../commands/keys.ts'
import { Key } from '../ui/badge.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { offeredOnce } from './entries.ts'

/** The keys of everything that can be done where one is. */
export default function KeymapDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation('commands')
  const offers = useSyncExternalStore(offeredCommands.subscribe, offeredCommands.get)
  const withKeys = offeredOnce(offers).filter(({ keys }) => keys && keys.length > 0)
  const byGroup = Map.groupBy(withKeys, ({ group }) => group)
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('keymap')} description={t('keymapHint')} wide>
      <div className="gap-x-8 sm:columns-2">
        {commandGroups
          .filter((group) => byGroup.has(group))
          .map((group) => (
            <section key={group} className="mb-4 break-inside-avoid">
              <h3 className="mb-1 text-small text-fg-3">{t(`groups.${group}`)}</h3>
              <dl>
                {byGroup.get(group)?.map(({ id, label, keys = [] }) => (
                  <div key={id} className="flex min-h-7 flex-wrap items-center gap-x-3 text-ui">
                    <dt className="min-w-32 flex-1">{label}</dt>
                    <dd className="ml-auto flex shrink-0 items-center gap-1">
                      {keys.map((key, i) => (
                        <span key={key} className="flex items-center gap-0.5">
                          {i > 0 && <span className="px-0.5 text-small text-fg-3">{t('or')}</span>}
                          <span className="sr-only">{keyParts(key).join(' ')}</span>
                          {keyParts(key).map((part) => (
                            <Key key={part}>{part}</Key>
                          ))}
                        </span>
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          ))}
      </div>
    </Dialog>
  )
}
