import { ArrowDown, ArrowUp } from 'lucide-react'

/** Leads to what is new, or to the end, over one of the edges of the conversation. */
export function Pill({ at, text, onClick }: { at: 'top' | 'bottom'; text: string; onClick(): void }) {
  const Arrow = at === 'top' ? ArrowUp : ArrowDown
  return (
    <div className={`pointer-events-none absolute inset-x-0 flex justify-center ${at === 'top' ? 'top-3' : 'bottom-3'}`}>
      <button
        type="button"
        onClick={onClick}
        className="rise pointer-events-auto inline-flex h-(--h-control) items-center gap-1.5 rounded-full bg-raised px-3 text-small font-label text-fg shadow-pop hover:bg-sunken"
      >
        <Arrow size={13} aria-hidden />
        {text}
      </button>
    </div>
  )
}
