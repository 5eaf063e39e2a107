import { ArrowUpRight } from 'lucide-react'

/** Opens a page that is shown here in a tab of its own. */
export function NewTabLink({ url, label }: { url: string; label: string }) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noreferrer"
      aria-label={label}
      title={label}
      className="inline-flex size-(--h-control) shrink-0 items-center justify-center rounded-md text-fg-2 hover:bg-hover hover:text-fg"
    >
      <ArrowUpRight size={16} />
    </a>
  )
}
