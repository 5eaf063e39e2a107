import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { runCalls } from '#shared/runs/api.ts'
import type { RunState } from '#shared/runs/schema.ts'
import { MessageMode } from '#shared/sessions/schema.ts'
import { attempt } from '../api/attempt.ts'
import { useCommands, type Command } from '../commands/commands.ts'
import type { Addressee } from '#shared/sessions/addressing.ts'

/** How long a first Esc waits for the second. */
const armedMs = 1500

/** How what is written is sent, for those who may write. */
type Writing = {
  mayWrite: boolean
  /** To the agent as well. */
  mayAsk: boolean
  agentName: string
  setMode(mode: MessageMode): void
  setTo(to: Addressee): void
  mention(): void
  enterSends: boolean
  setEnterSends(sends: boolean): void
}

type Options = { run: RunState | undefined; running: boolean; mayControl: boolean; interrupt(): void; focus(): void; attach(): void } & Writing

/** What one can do at the bottom edge, by key and from the palette. Answers whether a first Esc was pressed. */
export function useDockCommands({ run, running, mayControl, interrupt, focus, attach, ...writing }: Options): boolean {
  const { t } = useTranslation('composer')
  const [armed, setArmed] = useState(false)
  const pressedAt = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    if (!armed) return
    const timer = setTimeout(() => setArmed(false), armedMs)
    return () => clearTimeout(timer)
  }, [armed])

  const change = (what: (typeof runCalls)['pauseRun' | 'resumeRun' | 'cancelRun']) => () => {
    if (run) void attempt(what, { params: { id: run.id } }, t('notChanged'))
  }
  const ofRun: Command[] =
    running && mayControl
      ? [
          { id: 'run.interrupt', label: t('interruptRun'), group: 'run', words: 'escape', run: interrupt },
          {
            id: 'run.interrupt-key',
            label: t('interruptTwice'),
            group: 'run',
            keys: ['escape'],
            keysOnly: true,
            run() {
              // Two quick presses come before anything is drawn again.
              const again = performance.now() - pressedAt.current < armedMs
              pressedAt.current = again ? Number.NEGATIVE_INFINITY : performance.now()
              setArmed(!again)
              if (again) interrupt()
            },
          },
          run?.status === 'paused' || run?.stopping
            ? { id: 'run.resume', label: t('continueRun'), group: 'run', run: change(runCalls.resumeRun) }
            : { id: 'run.pause', label: t('pauseRun'), group: 'run', run: change(runCalls.pauseRun) },
          { id: 'run.stop', label: t('stopRun'), group: 'run', run: change(runCalls.cancelRun) },
        ]
      : []
  useCommands([
    { id: 'composer.write', label: t('write'), group: 'conversation', keys: ['m'], run: focus },
    ...(writing.mayWrite
      ? ([
          { id: 'composer.mention', label: t('mention'), group: 'conversation', run: writing.mention },
          writing.enterSends
            ? { id: 'composer.enter', label: t('enter.makeAdd'), group: 'conversation', words: 'return key', run: () => writing.setEnterSends(false) }
            : {
                id: 'composer.enter',
                label: t('enter.makeSend'),
                group: 'conversation',
                words: 'return key',
                run: () => writing.setEnterSends(true),
              },
        ] satisfies Command[])
      : []),
    ...(writing.mayWrite && writing.mayAsk
      ? ([
          { id: 'composer.attach', label: t('attach'), group: 'conversation', run: attach },
          {
            id: 'composer.to.agent',
            label: t('writeToAgent', { agent: writing.agentName }),
            group: 'conversation',
            run: () => writing.setTo('agent'),
          },
          { id: 'composer.to.people', label: t('writeToPeople'), group: 'conversation', run: () => writing.setTo('people') },
          ...MessageMode.options.map((mode) => ({
            id: `composer.mode.${mode}`,
            label: t('readAs', { mode: t(`mode.${mode}`) }),
            group: 'conversation' as const,
            run: () => writing.setMode(mode),
          })),
        ] satisfies Command[])
      : []),
    ...ofRun,
  ])
  return armed && running && mayControl
}
