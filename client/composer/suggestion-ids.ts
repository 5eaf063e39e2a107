/** By which the text box names the list of suggestions, and the chosen one of them. */
export const suggestionsId = 'composer-suggestions'
export const optionId = (at: number) => `${suggestionsId}-${at}`
