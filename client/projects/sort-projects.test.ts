import { expect, test } from 'vitest'
import type { ProjectActivity } from '#shared/projects/overview.ts'
import type { Project } from '#shared/projects/schema.ts'
import { arrange, type ProjectRowData } from './sort-projects.ts'

const row = (name: string, updatedAt: number, activity: Partial<ProjectActivity> = {}): ProjectRowData => ({
  project: { id: `prj_${name}` as Project['id'], name, role: 'owner', createdAt: 1, updatedAt, viewersMayWrite: false },
  activity: { here: [], agents: [], sessions: 0, running: 0, tokens: 0, last: null, id: `prj_${name}` as Project['id'], ...activity },
})
const rows = [
  row('Sales dashboard', 10, { tokens: 5 }),
  row('Plot 10', 30, { tokens: 90 }),
  row('Plot 9', 20, { last: { id: 'ses_1' as never, title: 'Beds', at: 40, run: null } }),
]
const names = (query: string, order: 'changed' | 'name' | 'tokens') => arrange(rows, query, order).map(({ project }) => project.name)

test('the project where something happened last comes first', () => {
  expect(names('', 'changed')).toEqual(['Plot 9', 'Plot 10', 'Sales dashboard'])
})

test('names are in the order people count in, and use in order of size', () => {
  expect(names('', 'name')).toEqual(['Plot 9', 'Plot 10', 'Sales dashboard'])
  expect(names('', 'tokens')).toEqual(['Plot 10', 'Sales dashboard', 'Plot 9'])
})

test('the filter takes words in any order', () => {
  expect(names(' DASH sal', 'name')).toEqual(['Sales dashboard'])
  expect(names('zzz', 'name')).toEqual([])
})
