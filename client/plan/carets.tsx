import type { ReactNode } from 'react'
import { useHue } from '../theme/hues.tsx'

/** Somebody else who edits a step, and where in its text. */
export type Editor = { id: string; name: string; caret: number | undefined }

/** A caret with its owner's name, in their hue. Hidden from assistive technology, which has the line of who edits. */
function Caret({ editor }: { editor: Editor }) {
  const colour = useHue(editor.id)
  return (
    <span
      aria-hidden
      className="pointer-events-none relative inline-block h-[1.15em] w-0 align-text-bottom"
      style={{ borderLeft: `1.5px solid ${colour}` }}
    >
      <span
        className="absolute top-0 left-0 z-10 rounded-r-[3px] px-1.5 text-[10px] leading-[1.5em] font-label whitespace-nowrap text-on-person"
        style={{ background: colour }}
      >
        {editor.name}
      </span>
    </span>
  )
}

/** A text with the carets of those who edit it. */
export function TextWithCarets({ text, editors }: { text: string; editors: readonly Editor[] }): ReactNode {
  if (editors.length === 0) return text
  const placed = editors.map((editor) => ({ editor, at: Math.min(text.length, editor.caret ?? text.length) })).sort((a, b) => a.at - b.at)
  let from = 0
  return (
    <>
      {placed.map(({ editor, at }) => {
        const before = text.slice(from, at)
        from = at
        return (
          <span key={editor.id}>
            {before}
            <Caret editor={editor} />
          </span>
        )
      })}
      {text.slice(from)}
    </>
  )
}
