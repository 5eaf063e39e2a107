import type { ReactNode } from 'react'

/** One subject of a settings page. */
export const SettingsSection = ({ title, text, children }: { title: string; text?: string; children: ReactNode }) => (
  <section className="border-b border-line py-6 first:pt-0 last:border-0">
    <h2 className="text-title font-title">{title}</h2>
    {text && <p className="mt-0.5 text-ui text-fg-2">{text}</p>}
    <div className="mt-4">{children}</div>
  </section>
)
