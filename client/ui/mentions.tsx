import { createContext, useContext, useMemo, type CSSProperties, type ReactNode } from 'react'
import { mentionFinder, type Named } from '#shared/sessions/mentions.ts'
import { cx } from './class-names.ts'

/** Somebody whose name is marked where a text mentions them. Agents have no colour; `self`: it is who reads. */
export type Marked = Named & { colour?: string; self?: boolean }

type Marks = { find: ReturnType<typeof mentionFinder>; byId: ReadonlyMap<string, Marked> }
const Marking = createContext<Marks | undefined>(undefined)

/** Marks mentions in the texts below. One who answers to several names is in the list several times. */
export function MentionMarks({ marked, children }: { marked: readonly Marked[]; children: ReactNode }) {
  const marks = useMemo(() => ({ find: mentionFinder(marked), byId: new Map(marked.map((one) => [one.id, one])) }), [marked])
  return <Marking value={marks}>{children}</Marking>
}

/** A text with its mentions marked. */
export function Words({ text }: { text: string }): ReactNode {
  const marks = useContext(Marking)
  const found = marks?.find(text) ?? []
  if (!marks || found.length === 0) return text
  const parts: ReactNode[] = []
  let from = 0
  for (const mention of found) {
    parts.push(text.slice(from, mention.from))
    const { colour, self } = marks.byId.get(mention.id) ?? {}
    parts.push(
      <span key={mention.from} className={cx('mention', self && 'mention-self')} style={colour ? ({ '--who': colour } as CSSProperties) : undefined}>
        {text.slice(mention.from, mention.to)}
      </span>,
    )
    from = mention.to
  }
  return [...parts, text.slice(from)]
}
