import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { OutputArtifact } from '#shared/python/schema.ts'
import { callRaw } from '../api/api.ts'
import { useShownTheme } from '../theme/shown-theme.ts'
import { Spinner } from '../ui/spinner.tsx'

type Props = { kept: OutputArtifact; projectId: ProjectId; text: string | undefined }

/** A figure as a picture, a table as a page that can do nothing, the rest as text. */
export function ArtifactView({ kept, projectId, text }: Props) {
  const { t } = useTranslation('python')
  const { data, error } = useQuery({
    queryKey: ['artifact', projectId, kept.id],
    queryFn: async ({ signal }) => {
      const answer = await callRaw(fileCalls.readArtifact, { params: { id: projectId, artifactId: kept.id }, signal })
      return new Blob([await answer.arrayBuffer()], { type: kept.mime })
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error && text === undefined && error instanceof AppError && error.code === 'not_found')
    return <p className="px-3 py-2 text-small text-fg-3">{t('outputGone', { name: kept.name })}</p>
  if (error) return <pre className="px-3 py-2 font-mono text-code-s text-fg-2">{text ?? kept.name}</pre>
  if (!data)
    return (
      <div className="flex h-24 items-center justify-center text-fg-3">
        <Spinner />
      </div>
    )
  if (kept.mime.startsWith('image/')) return <Picture blob={data} label={t('figure', { name: kept.name })} />
  if (kept.mime === 'text/html') return <Page blob={data} label={t('table', { name: kept.name })} />
  return <pre className="max-h-96 overflow-auto px-3 py-2 font-mono text-code-s whitespace-pre-wrap text-fg-2">{text ?? kept.name}</pre>
}

function Picture({ blob, label }: { blob: Blob; label: string }) {
  const address = useMemo(() => URL.createObjectURL(blob), [blob])
  useEffect(() => () => URL.revokeObjectURL(address), [address])
  // As an image, an SVG runs no script and fetches nothing.
  return <img src={address} alt={label} className="mx-auto max-h-[480px] max-w-full bg-white p-2" />
}

/** Everything a page of output may not do: no script, no form, no address, whatever it says. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/**
 * HTML that a program made, in a frame without scripts. Of our origin only so that its height can be read: nothing in it
 * runs, and its own policy lets it fetch nothing.
 */
function Page({ blob, label }: { blob: Blob; label: string }) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [html, setHtml] = useState<string>()
  const [height, setHeight] = useState(96)
  const theme = useShownTheme()
  useEffect(() => {
    let over = false
    void blob.text().then((text) => over || setHtml(text))
    return () => {
      over = true
    }
  }, [blob])
  if (html === undefined) return null
  const fit = () => {
    const body = frame.current?.contentDocument?.documentElement
    if (body) setHeight(Math.min(480, Math.max(32, body.scrollHeight + 2)))
  }
  return (
    <iframe
      ref={frame}
      title={label}
      sandbox="allow-same-origin"
      srcDoc={`<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><style>${looks[theme]}</style>${html}`}
      onLoad={fit}
      style={{ height }}
      className="block w-full border-0"
    />
  )
}

const lookOf = (theme: 'light' | 'dark', text: string, quiet: string, line: string) =>
  `:root{color-scheme:${theme}}body{margin:0;padding:4px 12px 8px;color:${text};font:13px/1.5 system-ui,sans-serif}table{border-collapse:collapse;width:100%;border:0!important}th{color:${quiet};font-weight:500;text-align:left}th,td{border:0!important;border-bottom:1px solid ${line}!important;padding:6px 8px;white-space:nowrap}`

/** A frame knows nothing of the room's theme: its colours are written out. */
const looks = {
  light: lookOf('light', '#23211d', '#68655e', '#dedbd4'),
  dark: lookOf('dark', '#e8e6e1', '#a5a29b', '#3a3833'),
}
