import { ArtifactId } from '#shared/base/ids.ts'
import { presentationLimits } from '#shared/sessions/presentation.ts'
import { fieldsOf, short, textOf } from './presentation-parts.ts'

type Picture = { id: ArtifactId; name: string }

/** How much of a result is looked at. */
const most = { depth: 4, values: 5_000 }

/** Pictures that a call kept: artifacts that its result names as such. */
export function picturesIn(result: unknown): Picture[] {
  const found = new Map<ArtifactId, Picture>()
  let seen = 0
  const look = (value: unknown, depth: number): void => {
    seen += 1
    if (depth > most.depth || seen > most.values) return
    if (Array.isArray(value)) return value.forEach((one) => look(one, depth + 1))
    const fields = fieldsOf(value)
    const type = fields.mime ?? fields.mimeType ?? fields.type
    const id = ArtifactId.safeParse(fields.artifactId ?? fields.screenshot ?? fields.id).data
    const isPicture = fields.screenshot !== undefined || (typeof type === 'string' && /^(image|png|jpeg)/.test(type))
    if (id && isPicture) found.set(id, { id, name: short(textOf(fields.name)) })
    for (const one of Object.values(fields)) if (typeof one === 'object' && one !== null) look(one, depth + 1)
  }
  look(result, 0)
  return [...found.values()].slice(0, presentationLimits.pictures)
}
