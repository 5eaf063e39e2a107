import { useEffect, useImperativeHandle, useRef, type Ref } from 'react'
import type { OfferedModel, OfferedModels } from '#shared/models/schema.ts'
import { useCommands, type Command } from '../commands/commands.ts'
import { useOfferedModels } from '../api/offered-models.ts'
import { notify } from '../ui/notify.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Select } from '../ui/field.tsx'
import { MenuChoice, MenuLine } from '../ui/menu.tsx'
import { isChoice, modelCandidates, modelNamed, type ModelWords } from './models.ts'

/** Up to so many models each has a command of its own. */
const mostCommands = 8

type Choice = {
  /** What this person chose here; undefined: nothing, the default answers. */
  chosen: string | undefined
  onChoose(id: string | undefined): void
}

type Props = Choice & {
  /** Opens the list of models where people write; false when something is written there. */
  onList(): boolean
  words: Ref<ModelWords>
  className: string
}

/** With what the agent answers, where more than one model can be chosen. */
export default function ModelChoice({ chosen, onChoose, onList, words, className }: Props) {
  const { t } = useTranslation('models')
  const offered = useOfferedModels()
  const select = useRef<HTMLSelectElement>(null)
  const models = offered?.models ?? []
  useGone(offered, { chosen, onChoose })
  const open = () => {
    // What the command was chosen in gives the focus back as it closes; this comes after.
    setTimeout(() =>
      setTimeout(() => {
        if (select.current?.checkVisibility?.()) openList(select.current)
        else if (!onList()) notify(t('textFirst'), { id: 'model-list' })
      }),
    )
  }
  useCommands(commandsFor(models, { each: (model) => t('use', { model }), all: t('useOne'), choose: onChoose, open }))
  useImperativeHandle(words, () => ({
    candidates: () => modelCandidates(models, t('slash'), onChoose),
    take(text) {
      const named = modelNamed(text, models)
      if (!named) return undefined
      if ('model' in named) {
        onChoose(named.model.id)
        return 'chosen'
      }
      notify.error(t('unknown', { name: named.unknown }), { id: 'model-unknown' })
      return 'unknown'
    },
  }))
  if (!isChoice(models)) return null
  const { value, options } = choiceOf(models, chosen)
  return (
    <Select
      ref={select}
      label={t('model')}
      title={offered?.problem ? t('notListed') : value}
      value={value}
      onChange={onChoose}
      options={options}
      className={className}
    />
  )
}

/** The same inside a menu, for small screens. */
export function ModelMenu({ chosen, onChoose }: Choice) {
  const { t } = useTranslation('models')
  const models = useOfferedModels()?.models ?? []
  if (!isChoice(models)) return null
  return (
    <>
      <MenuLine />
      <MenuChoice label={t('model')} onChange={onChoose} {...choiceOf(models, chosen)} />
    </>
  )
}

/** A choice that is no longer offered is given up, with a word. While the list cannot be had it stays. */
function useGone(offered: OfferedModels | undefined, { chosen, onChoose }: Choice): void {
  const { t } = useTranslation('models')
  const gone = offered && !offered.problem && chosen !== undefined && !offered.models.some(({ id }) => id === chosen)
  useEffect(() => {
    if (!gone) return
    onChoose(undefined)
    const now = offered.models.find((model) => model.isDefault)?.name
    notify(t('gone', { model: chosen, now: now ?? '' }), { id: 'model-gone' })
  })
}

function choiceOf(models: readonly OfferedModel[], chosen: string | undefined) {
  const options = models.map(({ id, name }) => ({ value: id, label: name }))
  if (chosen !== undefined && !models.some(({ id }) => id === chosen)) options.push({ value: chosen, label: chosen })
  return { options, value: chosen ?? models.find((model) => model.isDefault)?.id ?? '' }
}

function openList(select: HTMLSelectElement): void {
  select.focus()
  try {
    select.showPicker()
  } catch {
    // It has the focus: a key opens it.
  }
}

type Words = { each(model: string): string; all: string; choose(id: string): void; open(): void }

function commandsFor(models: readonly OfferedModel[], { each, all, choose, open }: Words): Command[] {
  if (!isChoice(models)) return []
  if (models.length > mostCommands) return [{ id: 'model.choose', label: all, group: 'conversation', run: open }]
  return models.map(({ id, name }) => ({ id: `model.use ${id}`, label: each(name), group: 'conversation', words: id, run: () => choose(id) }))
}
