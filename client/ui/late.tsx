import { use, type ComponentType } from 'react'

/**
 * A component whose code is fetched when it is first shown; until then it suspends. Unlike React's own, it shows at once
 * whenever the code is there already, also for the first time after `load`.
 */
export function late<Props extends object>(fetchPart: () => Promise<ComponentType<Props>>) {
  let part: ComponentType<Props> | undefined
  let arriving: Promise<ComponentType<Props>> | undefined
  const load = () =>
    (arriving ??= fetchPart().then(
      (fetched) => (part = fetched),
      (error: unknown) => {
        arriving = undefined
        throw error
      },
    ))
  function Late(props: Props) {
    const Part = part ?? use(load())
    // oxlint-disable-next-line react/static-components: the same component from its arrival on
    return <Part {...props} />
  }
  return Object.assign(Late, { load })
}
