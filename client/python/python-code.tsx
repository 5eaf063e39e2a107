import { Code } from '../ui/code-lines.tsx'

/** A cell's code, in the room's colours. */
export const PythonCode = ({ code, label }: { code: string; label: string }) => (
  <pre tabIndex={0} role="group" aria-label={label} className="max-h-96 overflow-auto px-3 py-2.5 font-mono text-code-s whitespace-pre text-fg">
    <code>
      <Code code={code} language="py" growing={false} />
    </code>
  </pre>
)
