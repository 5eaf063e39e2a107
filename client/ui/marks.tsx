import { Check } from 'lucide-react'
import { cx } from './class-names.ts'

type Size = 'tiny' | 'small' | 'normal' | 'large'

const circles: Record<Size, string> = {
  tiny: 'size-4 text-[9px]',
  small: 'size-[18px] text-[10px]',
  normal: 'size-[22px] text-micro',
  large: 'size-8 text-ui',
}

const initial = (name: string) => (Array.from(name.trim())[0] ?? '?').toLocaleUpperCase()

export type PersonMarkProps = { name: string; colour: string; size?: Size; state?: 'here' | 'idle' | 'away'; ring?: boolean; voted?: boolean }

/** People are circles in their hue. Decoration: the name always stands in text beside it or as its label. */
export function PersonMark({ name, colour, size = 'normal', state = 'here', ring = false, voted = false }: PersonMarkProps) {
  return (
    <span aria-hidden className={cx('relative inline-flex shrink-0', state === 'idle' && 'opacity-60')}>
      <span
        className={cx(
          'inline-flex items-center justify-center rounded-full font-title text-on-person',
          circles[size],
          state === 'away' && 'border border-current',
        )}
        style={{
          background: state === 'away' ? 'transparent' : colour,
          ...(state === 'away' && { color: 'var(--fg-3)' }),
          ...(ring && { boxShadow: `0 0 0 2px var(--surface), 0 0 0 3.5px ${colour}` }),
        }}
      >
        {initial(name)}
      </span>
      {voted && (
        <span className="absolute -right-1 -bottom-1 inline-flex size-3 items-center justify-center rounded-full bg-raised text-ok">
          <Check size={9} strokeWidth={3} />
        </span>
      )}
    </span>
  )
}

const squares: Record<Size, string> = {
  tiny: 'size-4 rounded-[3px]',
  small: 'size-[18px] rounded-sm',
  normal: 'size-[22px] rounded-sm',
  large: 'size-8 rounded-md',
}

/** Agents are squares without a hue. A warm outline says that it waits for people, a dimmed mark that it works. */
export function AgentMark({ id, size = 'normal', state = 'ready' }: { id: string; size?: Size; state?: 'ready' | 'working' | 'waiting' }) {
  return (
    <span
      aria-hidden
      className={cx(
        'inline-flex shrink-0 items-center justify-center border bg-raised text-ink',
        squares[size],
        state === 'waiting' ? 'border-warn shadow-[inset_0_0_0_0.5px_var(--warn)]' : 'border-line-strong',
      )}
    >
      <svg viewBox="0 0 12 12" className={cx('size-[55%]', state === 'working' && 'pulse-loop')} fill="currentColor">
        {glyphs[glyphOf(id)]}
      </svg>
    </span>
  )
}

const glyphs = [
  <path key="0" d="M1 1.5h4.5V6H1zM1 7h4.5v4H1zM6.5 7H11v4H6.5z" />,
  <path key="1" d="M1 7h2.5v4.5H1zM4.75 1h2.5v10.5h-2.5zM8.5 4H11v7.5H8.5z" />,
  <path key="2" d="M1 2.5h6.5v2H1zM9 2.5h2v2H9zM1 7.5h2v2H1zM4.5 7.5H11v2H4.5z" />,
  <path key="3" d="M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1m0 3a2 2 0 1 0 0 4 2 2 0 0 0 0-4" />,
]

function glyphOf(id: string): number {
  if (id === 'builder') return 0
  let sum = 0
  for (const unit of id) sum += unit.charCodeAt(0)
  return 1 + (sum % (glyphs.length - 1))
}

/** The product's own mark. */
export const Logo = ({ className }: { className?: string }) => (
  <svg viewBox="0 0 24 24" aria-hidden className={cx('shrink-0 text-ink', className ?? 'size-[18px]')}>
    <path
      d="M8 3H6.5A3.5 3.5 0 0 0 3 6.5v11A3.5 3.5 0 0 0 6.5 21h11a3.5 3.5 0 0 0 3.5-3.5v-11A3.5 3.5 0 0 0 17.5 3H16"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.25"
      strokeLinecap="round"
    />
    <rect x="7.25" y="7.25" width="9.5" height="9.5" rx="1.5" fill="currentColor" />
  </svg>
)
