import { X } from 'lucide-react'
import type { RunState } from '#shared/runs/schema.ts'
import { useCommands } from '../commands/commands.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { AgentMark } from '../ui/marks.tsx'

/** Says that the workspace goes with the agent, and lets one stop or begin it. Lies over the workspace, moving nothing. */
export default function FollowChip({ run, on, onToggle }: { run: RunState; on: boolean; onToggle(on: boolean): void }) {
  const { t } = useTranslation('presence')
  const name = run.agentName
  useCommands([
    {
      id: 'workspace.follow',
      label: t(on ? 'stopFollowingNamed' : 'followNamed', { name }),
      group: 'people',
      keys: ['f'],
      run: () => onToggle(!on),
    },
  ])
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-9 z-20 flex justify-center" data-follow>
      <button
        type="button"
        aria-pressed={on}
        title={on ? t('stopFollowing') : undefined}
        onClick={() => onToggle(!on)}
        className="fade pointer-events-auto flex h-(--h-control) items-center gap-1.5 rounded-full bg-raised pr-2 pl-1.5 text-small font-label text-fg-2 shadow-pop hover:bg-sunken hover:text-fg forced-colors:border"
      >
        <AgentMark id={run.agentId} size="tiny" />
        <span>{t(on ? 'followingBar' : 'followNamed', { name })}</span>
        {on && <X size={13} aria-hidden />}
      </button>
    </div>
  )
}
