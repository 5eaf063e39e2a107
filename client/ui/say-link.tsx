import { createContext, useContext } from 'react'

/** What of a message may be said with a press, and how; without `say` it is text. */
export type Offer = { requests: readonly string[]; say: ((text: string) => void) | undefined }

/** Given around what an agent wrote, and nowhere else: no message of a person becomes a button. */
export const OfferContext = createContext<Offer | undefined>(undefined)

const most = { requests: 5, characters: 120 }

/** The requests that a message offers as `[…](say:)`: the first few, short ones, without markup. */
export function requestsIn(text: string): string[] {
  if (!text.includes('](say:)')) return []
  const found = [...text.matchAll(/\[([^[\]\n]+)\]\(say:\)/g)].map(([, label = '']) => label)
  return found.filter((label) => label.trim() !== '' && label.length <= most.characters && !/[*`<>~\\]/.test(label)).slice(0, most.requests)
}

/** The same text where nothing can be pressed: what is offered is only its words. */
export const withoutOffers = (text: string): string => text.replaceAll(/\[([^[\]\n]+)\]\(say:\)/g, '$1')

/** A request that an agent offers: pressing it sends what it is called, and nothing else. */
export function SayLink({ label }: { label: string }) {
  const offer = useContext(OfferContext)
  const say = offer?.requests.includes(label) ? offer.say : undefined
  if (!say) return <>{label}</>
  return (
    <button type="button" className="say" onClick={() => say(label)}>
      {label}
    </button>
  )
}
