import { Check, Copy } from 'lucide-react'
import { memo, useEffect, useState } from 'react'
import { languageNamed } from './code-language.ts'
import { Code } from './code-lines.tsx'

type Labels = { copy: string; copied: string; code: string }

/** A fence of a message: its code in colours, to be copied. */
export const CodeBlock = memo(({ code, name, growing, labels }: { code: string; name: string | undefined; growing: boolean; labels: Labels }) => (
  <div className="code-block group/code">
    <pre tabIndex={0} role="group" aria-label={labels.code}>
      <code>
        <Code code={code} language={languageNamed(name)} growing={growing} />
      </code>
    </pre>
    <CopyButton text={code} labels={labels} />
  </div>
))

/** Copies a text and says so for a moment, in place. */
export function CopyButton({ text, labels, words = false }: { text: string; labels: Pick<Labels, 'copy' | 'copied'>; words?: boolean }) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1600)
    return () => clearTimeout(timer)
  }, [copied])
  const label = copied ? labels.copied : labels.copy
  return (
    <button
      type="button"
      className={words ? 'copy-words' : 'copy-code'}
      aria-label={label}
      title={label}
      onClick={() =>
        void navigator.clipboard.writeText(text).then(
          () => setCopied(true),
          () => undefined,
        )
      }
    >
      {copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      {words && label}
    </button>
  )
}
