import { Copy } from 'lucide-react'
import { notify } from '../ui/notify.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { IconButton } from '../ui/button.tsx'
import { fieldLook } from '../ui/field.tsx'

/** What is shown once, to be copied. `copy` names the button, `copied` says that it was. */
export function Secret({ label, secret, note, copy, copied }: { label: string; secret: string; note: string; copy: string; copied: string }) {
  const { t } = useTranslation('settings')
  const write = async () => {
    try {
      await navigator.clipboard.writeText(secret)
      notify.success(copied)
    } catch {
      notify(t('cannotCopy'), { description: t('cannotCopyText') })
    }
  }
  return (
    <div className="fade mt-4 max-w-[520px] rounded-lg border border-line-strong bg-raised p-3" role="status">
      <p className="text-ui font-label">{label}</p>
      <div className="mt-1.5 flex items-center gap-1">
        <input
          aria-label={label}
          readOnly
          value={secret}
          onFocus={(event) => event.target.select()}
          className={`${fieldLook} h-(--h-control-lg) font-mono text-code-s`}
        />
        <IconButton label={copy} className="size-(--h-control-lg)!" onClick={() => void write()}>
          <Copy size={15} />
        </IconButton>
      </div>
      <p className="mt-1 text-small text-fg-2">{note}</p>
    </div>
  )
}
