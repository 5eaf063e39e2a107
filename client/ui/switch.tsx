import { useId } from 'react'

type Props = { label: string; text?: string | undefined; on: boolean; disabled?: boolean; onChange(on: boolean): void }

/** Something that is on or off at once, with what it means below its name. */
export function Switch({ label, text, on, disabled = false, onChange }: Props) {
  const id = useId()
  return (
    <div className="flex min-h-(--h-control) items-start gap-3">
      <button
        type="button"
        role="switch"
        id={id}
        aria-checked={on}
        aria-labelledby={`${id}-label`}
        aria-describedby={text ? `${id}-text` : undefined}
        disabled={disabled}
        onClick={() => onChange(!on)}
        className="relative mt-px h-[18px] w-8 shrink-0 rounded-full border border-line-field bg-sunken transition-colors duration-(--d-hover) before:absolute before:-inset-[5px] after:absolute after:top-[2px] after:left-[2px] after:size-3 after:rounded-full after:bg-fg-3 after:transition-transform after:duration-(--d-hover) disabled:opacity-60 aria-checked:border-accent aria-checked:bg-accent aria-checked:after:translate-x-3.5 aria-checked:after:bg-on-accent pointer-coarse:before:-inset-[13px] forced-colors:after:bg-[ButtonText] forced-colors:aria-checked:after:bg-[Highlight]"
      />
      <div className="min-w-0">
        <label id={`${id}-label`} htmlFor={id} className="text-ui">
          {label}
        </label>
        {text && (
          <p id={`${id}-text`} className="text-small text-fg-3">
            {text}
          </p>
        )}
      </div>
    </div>
  )
}
