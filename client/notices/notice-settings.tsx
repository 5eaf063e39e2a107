import { useState } from 'react'
import { useStored } from '../offline/stored.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Switch } from '../ui/switch.tsx'
import { canNotify, noticeKeys } from './settings.ts'
import { noticeKinds, type NoticeKind } from './transition.ts'

/** What a person wants to be told in this browser, and how. The browser is asked for its permission only when they switch notifications on. */
export function NoticeSettings() {
  const { t } = useTranslation('notices')
  const [quiet, setQuiet] = useStored(noticeKeys.quiet)
  return (
    <div className="flex flex-col gap-6">
      <div role="group" aria-label={t('kindsLabel')} className="flex flex-col gap-2.5">
        <h3 className="text-small text-fg-2">{t('kindsLabel')}</h3>
        {noticeKinds.map((kind) => (
          <Kind key={kind} kind={kind} />
        ))}
        <p className="text-small text-fg-3">{t('kindsText')}</p>
      </div>
      <div className="flex flex-col gap-4">
        <BrowserSwitch />
        <Switch label={t('quiet')} text={t('quietText')} on={quiet === 'on'} onChange={(on) => setQuiet(on ? 'on' : null)} />
      </div>
    </div>
  )
}

function Kind({ kind }: { kind: NoticeKind }) {
  const { t } = useTranslation('notices')
  const [stored, store] = useStored(noticeKeys.kind(kind))
  return <Switch label={t(`kinds.${kind}`)} on={stored !== 'off'} onChange={(on) => store(on ? null : 'off')} />
}

function BrowserSwitch() {
  const { t } = useTranslation('notices')
  const [stored, store] = useStored(noticeKeys.browser)
  const [permission, setPermission] = useState(() => (canNotify() ? Notification.permission : undefined))
  const text = permission === undefined ? t('unsupported') : permission === 'denied' ? t('blocked') : t('browserText')
  const change = async (on: boolean) => {
    const answer = on ? await Notification.requestPermission() : permission
    setPermission(answer)
    store(on && answer === 'granted' ? 'on' : null)
  }
  return (
    <Switch
      label={t('browser')}
      text={text}
      on={stored === 'on' && permission === 'granted'}
      disabled={permission === undefined}
      onChange={(on) => void change(on)}
    />
  )
}
