/** What the room can ask of an open editor. Lines and columns begin at 1. */
export type EditorHandle = {
  /** Shows a line in the middle, puts the caret there and takes the focus. */
  goTo(line: number, column?: number): void
  /** Scrolls to an offset when it is not in sight; the caret and the focus stay. */
  show(offset: number): void
  openSearch(): void
  openGoToLine(): void
  undo(): void
  redo(): void
  focus(): void
}
