/** A set-up of test files: jsdom lays nothing out and has no boxes of a range, which CodeMirror asks for, and it cannot scroll. There are none, then. */
Range.prototype.getClientRects ??= () => Object.assign([], { item: () => null })
Range.prototype.getBoundingClientRect ??= () => new DOMRect()
window.scrollTo = () => undefined
