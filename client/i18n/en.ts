import { byNamespace } from './by-namespace.ts'
import type { Strings } from './translator.ts'

// What the first has, `late.ts` has not; a test compares them.
export const first = byNamespace(
  import.meta.glob<Strings>('./en/{commands,common,composer,errors,files,plan,presence,room,trajectory}.json', {
    eager: true,
    import: 'default',
  }),
)
export const late = byNamespace(
  import.meta.glob<Strings>(
    './en/{agents,approvals,auth,desktop,editor,home,missing,models,notices,preview,python,sandbox,settings,terminal,trace}.json',
    {
      import: 'default',
    },
  ),
)
