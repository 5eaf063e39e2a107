import type { ReactNode } from 'react'
import { Logo } from '../ui/marks.tsx'

/** The page around sign-in, sign-up and invites: the mark, one card, one line below it. */
export const FrontDoor = ({ title, text, children, below }: { title: string; text?: ReactNode; children?: ReactNode; below?: ReactNode }) => (
  <main className="flex min-h-full flex-col items-center justify-center bg-bg px-4 py-12">
    <div className="mb-6 flex items-center gap-2.5">
      <Logo className="size-6" />
      <span className="text-title font-title tracking-[-0.01em]">Atrium</span>
    </div>
    <div className="rise w-full max-w-[380px] rounded-xl border border-line bg-surface p-6">
      <h1 className="text-page font-title tracking-[-0.012em]">{title}</h1>
      {text && <p className="mt-1 text-ui text-fg-2">{text}</p>}
      {children && <div className="mt-5">{children}</div>}
    </div>
    {below && <p className="mt-4 text-ui text-fg-2 [&_a]:text-accent-text [&_a]:underline-offset-2 [&_a:hover]:underline">{below}</p>}
  </main>
)
