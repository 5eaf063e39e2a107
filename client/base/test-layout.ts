/** A set-up of test files: jsdom lays nothing out and has no boxes of a range, which CodeMirror asks for. There are none, then. */
Range.prototype.getClientRects ??= () => Object.assign([], { item: () => null })
Range.prototype.getBoundingClientRect ??= () => new DOMRect()
