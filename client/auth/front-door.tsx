import type { ReactNode } from 'react'
import { ReloadBanner } from '../api/reload-banner.tsx'
import { useTranslation } from '../i18n/use-translation.ts'
import { usePageTitle } from '../ui/page-title.ts'
import type { Language } from '../i18n/languages.ts'
import { languageOptions, useLanguage } from '../i18n/use-language.ts'
import { Select } from '../ui/field.tsx'
import { Logo } from '../ui/marks.tsx'

type Props = { title: string; text?: ReactNode; children?: ReactNode; below?: ReactNode }

/** The page around sign-in, sign-up and invites: the mark, one card, one line below it, and the language. */
export function FrontDoor({ title, text, children, below }: Props) {
  const { t } = useTranslation('auth')
  const { spoken, choose } = useLanguage()
  usePageTitle(title)
  return (
    <div className="flex min-h-full flex-col bg-bg px-4">
      <ReloadBanner />
      <main className="flex flex-1 flex-col items-center justify-center py-10">
        <div className="mb-6 flex items-center gap-2.5">
          <Logo className="size-6" />
          <span className="text-title font-title tracking-[-0.01em]">Atrium</span>
        </div>
        <div className="rise w-full max-w-[380px] rounded-xl border border-line bg-surface p-6 max-sm:p-5">
          <h1 className="text-page font-title tracking-[-0.012em] break-words">{title}</h1>
          {text && <p className="mt-1 text-ui break-words text-fg-2">{text}</p>}
          {children && <div className="mt-5">{children}</div>}
        </div>
        {below && (
          <p className="mt-4 text-ui text-fg-2 [&_:is(a,button)]:inline-flex [&_:is(a,button)]:min-h-(--h-control) [&_:is(a,button)]:items-center [&_:is(a,button)]:text-accent-text [&_:is(a,button)]:underline [&_:is(a,button)]:decoration-current/35 [&_:is(a,button)]:underline-offset-2 [&_:is(a,button):hover]:decoration-current">
            {below}
          </p>
        )}
      </main>
      <footer className="flex justify-center pb-6">
        <Select<Language> label={t('language')} value={spoken} options={languageOptions} onChange={choose} />
      </footer>
    </div>
  )
}
