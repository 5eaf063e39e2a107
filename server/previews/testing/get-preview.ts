import { request } from 'node:http'

export type Asked = { method?: string; body?: string; headers?: Record<string, string> }
export type Got = { status: number; headers: NodeJS.Dict<string | string[]>; text: string }

/** As a browser does it: to this machine, with the preview's name as `Host`, and the path exactly as it is given. */
export const getPreview = (serverUrl: string, preview: { url: string }, path: string, { method = 'GET', body, headers = {} }: Asked = {}) =>
  new Promise<Got>((resolve, reject) => {
    const { host } = new URL(preview.url)
    const { port } = new URL(serverUrl)
    const asked = request({ host: '127.0.0.1', port, path, method, headers: { host, ...headers } }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(parts).toString() }))
      answer.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
