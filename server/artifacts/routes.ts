import type { Hono } from 'hono'
import { fileCalls } from '#shared/files/api.ts'
import { serve } from '../http/serve.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import type { Artifacts } from './service.ts'

/** What a browser may be told a download is; everything else is bytes. None of them can run: an SVG is a picture within a page, and the headers hold it. */
const safeTypes = ['text/plain', 'image/png', 'image/jpeg', 'image/svg+xml', 'application/json']

export function artifactRoutes(app: Hono<AppEnv>, authorize: Authorize, artifacts: Pick<Artifacts, 'read'>): void {
  serve(app, authorize, fileCalls.readArtifact, async ({ params }) => {
    const artifact = await artifacts.read(params.id, params.artifactId)
    return new Response(artifact.body, {
      headers: {
        'content-type': safeType(artifact.mime),
        'content-length': String(artifact.size),
        'content-disposition': `attachment; filename="${plainName(artifact.name)}"; filename*=UTF-8''${encodeURIComponent(artifact.name.toWellFormed())}`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
        'cache-control': 'private, max-age=31536000, immutable',
      },
    })
  })
}

function safeType(mime: string): string {
  const type = mime.split(';')[0]?.trim().toLowerCase() ?? ''
  if (!safeTypes.includes(type)) return 'application/octet-stream'
  return type === 'text/plain' ? 'text/plain; charset=utf-8' : type
}

/** For clients that read no UTF-8 in headers. */
const plainName = (name: string) => name.replace(/[^\w. -]/g, '_') || 'artifact'
