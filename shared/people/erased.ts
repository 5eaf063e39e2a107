/** What stands in place of a name that was erased. Words of the server: the interface says them in its own language. */
export const nameOfErased = 'Somebody who left'

/** What stands in place of the name of a key of theirs. */
export const nameOfErasedKey = 'API key'
