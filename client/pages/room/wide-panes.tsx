import type { ReactNode } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import { useStored } from '../../offline/stored.ts'
import { planClosedKey } from '../../plan/plan.tsx'
import type { OpenPlace } from '../../trajectory/row-context.ts'
import { Splitter } from '../../ui/splitter.tsx'
import { useWidth } from '../use-width.ts'
import { RoomHeader } from './room-header.tsx'
import { RoomPlan } from './room-plan.tsx'
import { Talk } from './talk.tsx'
import { useHeight } from './use-height.ts'
import type { Room } from './use-room.ts'

const talkWidth = { normal: 496, min: 400, max: 720 }
/** The workspace keeps this much, in pixels, whatever the conversation would like. */
const workspaceMin = 480
/** An open plan shows a few steps even where the dock beside it is low, in pixels. */
const planMinHeight = 154

type Props = {
  room: Room
  projectId: ProjectId
  sessionId: SessionId | undefined
  onOpen(place: OpenPlace): void
  workspace: ReactNode
  /** At the right end of the room's header. */
  aside: ReactNode
  /** What takes no place of its own. */
  over: ReactNode
}

/** The conversation beside the workspace, and the plan below that, as high as the dock. */
export function WidePanes({ onOpen, workspace, aside, over, ...here }: Props) {
  const { t } = useTranslation('room')
  const [width, setWidth] = useWidth('talk', talkWidth)
  const [dockRef, dockHeight] = useHeight()
  const [planClosed] = useStored(planClosedKey)
  return (
    <main className="flex min-h-0 flex-1">
      <div className="flex min-w-0 shrink-0 flex-col" style={{ width: `clamp(${talkWidth.min}px, ${width}px, calc(100% - ${workspaceMin}px))` }}>
        <RoomHeader room={here.room} projectId={here.projectId} phone={false} aside={aside} />
        <Talk {...here} onOpen={onOpen} dockRef={dockRef} />
      </div>
      <Splitter
        label={t('talkWidth')}
        width={width}
        min={talkWidth.min}
        max={talkWidth.max}
        onChange={setWidth}
        onReset={() => setWidth(talkWidth.normal)}
      />
      <div className="flex min-w-0 flex-1 flex-col">
        {workspace}
        <div className="shrink-0 border-t border-line" style={{ height: planClosed === 'yes' ? 'auto' : Math.max(planMinHeight, dockHeight) }}>
          <RoomPlan {...here} alwaysOpen={false} />
        </div>
      </div>
      {over}
    </main>
  )
}
