/*
 * What stands in a history for the services' sake and is nobody's word. The demo model skips it, and nothing here depends on
 * anything but its place: the same history gives the same words, so that prompts can be cached.
 */

/** How what follows the results of tools begins: pictures are told apart from people by it. */
export const pictureNote = '(The screen after the last call.)'

/** Said by the agent between the results of its tools and what people say next: several services want it to speak first. */
export const bridge = '(These results are read.)'

/** Said before a history whose beginning is the agent's: services want to be asked by a person. */
export const opening = '(What was said before is left out.)'

/** Said after a history whose end is the agent's: services want something to answer. */
export const goOn = '(Go on.)'

/** Said by nobody, of a result whose call is not part of the history. */
export const strayNote = '(A result of an earlier call, which is left out.)'

/** The result of a call that has none. */
export const noResult = 'no result: the call did not end'

/** The result of a tool that said nothing, or only blanks. */
export const emptyResult = '(nothing)'

/** What a model thought that wants its thoughts back, where nobody knows it. Not blank: that counts as missing. */
export const noThoughts = '(These thoughts were not kept.)'
