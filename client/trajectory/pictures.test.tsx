import { fireEvent, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import type { ArtifactId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { ids, renderWithQueries } from '../testing.tsx'
import { Pictures } from './pictures.tsx'

test('a picture that is no longer kept says so, and the others stay', () => {
  const pictures = ['harbour.png', 'tide.png'].map((name) => ({ id: newId<ArtifactId>('art'), name }))
  renderWithQueries(<Pictures pictures={pictures} projectId={ids.project} />)
  const picture = screen.getByRole('button', { name: 'Enlarge harbour.png' }).querySelector('img')
  if (!picture) throw new Error('no picture')
  fireEvent.error(picture)
  expect(screen.getByText('This picture no longer exists')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Enlarge harbour.png' })).toBeNull()
  expect(screen.getByRole('button', { name: 'Enlarge tide.png' })).toBeTruthy()
})
