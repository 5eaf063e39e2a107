import { defineFeature } from '../features/define-feature.ts'
import type { Sync } from './service.ts'

export const documentsFeature = ({ documents, stop }: Pick<Sync, 'documents' | 'stop'>) =>
  defineFeature({
    name: 'documents',
    on: {
      'project.deleted': ({ projectId }) => documents.remove([{ kind: 'project', projectId }]),
      'session.deleted': ({ sessionId }) => documents.remove([{ kind: 'session', sessionId }]),
    },
    hears: { accessChanged: documents.accessChanged, credentialEnded: documents.credentialEnded, missed: documents.recheck },
    stop: [{ name: 'sync', stop, withinMs: 1100 }],
  })
