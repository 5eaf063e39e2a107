import { createElement, use, type ComponentType } from 'react'
import { untilFetched } from './lazy.ts'

/**
 * A component whose code is fetched when it is first shown; until then it suspends. Unlike React's own, it shows at once
 * whenever the code is there already, also for the first time after `load`.
 */
export function late<Props extends object>(fetchPart: () => Promise<ComponentType<Props>>) {
  let part: ComponentType<Props> | undefined
  let arriving: Promise<ComponentType<Props>> | undefined
  const load = () =>
    (arriving ??= untilFetched(fetchPart).then(
      (fetched) => (part = fetched),
      (error: unknown) => {
        arriving = undefined
        throw error
      },
    ))
  function Late(props: Props) {
    return createElement(part ?? use(load()), props)
  }
  return Object.assign(Late, { load })
}
