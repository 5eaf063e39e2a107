import { useMe } from '../api/me.ts'
import { useStored } from '../offline/stored.ts'

/** A width, in pixels, that this person keeps in this browser. */
export function useWidth(key: string, { normal, min, max }: { normal: number; min: number; max: number }): [number, (width: number) => void] {
  const [stored, store] = useStored(`width:${useMe().id}:${key}`)
  const width = Math.min(max, Math.max(min, Number(stored) || normal))
  return [width, (next) => store(String(next))]
}
