import { CircleAlert } from 'lucide-react'
import { Component, useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { Pane, PaneProps } from './pane.ts'
import { Button } from '../../ui/button.tsx'
import { Empty, Skeleton } from '../../ui/empty.tsx'
import { panes, type LazyTab } from './panes.tsx'

/** One pane, fetched when it is shown. What fails on its way or in it stays in it. Key it by tab. */
export function LazyPane({ tab, ...props }: PaneProps & { tab: LazyTab }) {
  const { t } = useTranslation('room')
  const { t: place } = useTranslation('presence')
  const [loaded, setLoaded] = useState<{ pane: Pane } | 'failed'>()
  const [attempt, setAttempt] = useState(0)
  const name = place(`tabs.${tab}`)
  const load = panes[tab]
  useEffect(() => {
    let over = false
    load().then(
      ({ default: pane }) => !over && setLoaded({ pane }),
      () => !over && setLoaded('failed'),
    )
    return () => {
      over = true
    }
  }, [load, attempt])

  if (!loaded) return <Skeleton label={t('paneLoading', { name })} lines={4} />
  const again = () => {
    setLoaded(undefined)
    setAttempt(attempt + 1)
  }
  const failed = (
    <Empty className="h-full" icon={<CircleAlert />} title={t('paneFailed', { name })} text={t('paneFailedWhy')}>
      <Button onClick={again}>{t('tryAgain')}</Button>
    </Empty>
  )
  if (loaded === 'failed') return failed
  return (
    <Catch key={attempt} fallback={failed}>
      <loaded.pane {...props} />
    </Catch>
  )
}

class Catch extends Component<{ fallback: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError() {
    return { failed: true }
  }
  override render() {
    return this.state.failed ? this.props.fallback : this.props.children
  }
}
