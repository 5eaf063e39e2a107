import { useEffect, useState } from 'react'

type Piece = { text: string; kind: string }
type Split = (code: string) => Piece[]

let loading: Promise<Split> | undefined
let split: Split | undefined
const load = () => (loading ??= import('./split-python.ts').then((module) => (split = module.splitPython)))

/** Python in the room's colours; plain until the grammar has been fetched. */
export function PythonCode({ code, label }: { code: string; label: string }) {
  const [ready, setReady] = useState(split !== undefined)
  useEffect(() => {
    if (!ready) void load().then(() => setReady(true))
  }, [ready])
  return (
    <pre tabIndex={0} role="group" aria-label={label} className="max-h-96 overflow-auto px-3 py-2.5 font-mono text-code-s whitespace-pre text-fg">
      <code>
        {ready && split
          ? split(code).map(({ text, kind }, i) => (
              <span key={i} className={kind}>
                {text}
              </span>
            ))
          : code}
      </code>
    </pre>
  )
}
