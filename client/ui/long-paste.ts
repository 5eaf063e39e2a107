/** A field that takes several lines at once says in `data-lines` how many; `maxLength` holds for each of them. */
type Field = HTMLInputElement | HTMLTextAreaElement

/** The lines that a field would take a text for, each for itself; undefined where it takes it as one. */
function linesFor(field: Field, text: string): string[] | undefined {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return field.dataset.lines !== undefined && field.value === '' && lines.length > 1 ? lines : undefined
}

/** Whether a field would keep all of a text that is put where its selection is. */
function keeps(field: Field, text: string): boolean {
  const { value, selectionStart, selectionEnd, maxLength } = field
  if (maxLength < 0) return true
  const lines = linesFor(field, text)
  if (lines) return lines.length <= Number(field.dataset.lines) && lines.every((line) => line.length <= maxLength)
  // A line break counts as one.
  const put = text.replaceAll(/\r\n?/g, '\n').length
  return value.length - ((selectionEnd ?? 0) - (selectionStart ?? 0)) + put <= maxLength
}

/**
 * A browser cuts off what is pasted into a field past its `maxLength`, and says nothing. On this page such a paste is refused
 * whole, in every field, and told of, with the length and, where it was several, the number of lines that the field takes. @returns how to stop
 */
export function refuseLongPastes(tell: (text: string, most: number, lines: number | undefined, field: Field) => void): () => void {
  const onPaste = (event: ClipboardEvent) => {
    const field = event.target
    if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || field.readOnly) return
    const text = event.clipboardData?.getData('text/plain') ?? ''
    if (text === '' || keeps(field, text)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    tell(text, field.maxLength, linesFor(field, text) && Number(field.dataset.lines), field)
  }
  document.addEventListener('paste', onPaste, true)
  return () => document.removeEventListener('paste', onPaste, true)
}
