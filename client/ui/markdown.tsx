import { memo, useState, type ReactNode } from 'react'
import type { Token, Tokens } from 'marked'
import { createBlockParser } from './markdown-blocks.ts'

/**
 * Markdown as elements. HTML inside it is shown as the text it is, and a picture is a link: nothing is fetched and
 * nothing runs because somebody, or a model, wrote it. Text that grows is parsed at the cost of its growth.
 */
export function Markdown({ text, growing = false }: { text: string; growing?: boolean }) {
  const [parse] = useState(createBlockParser)
  const blocks = parse(text)
  return (
    <div className={growing ? 'prose-message growing' : 'prose-message'}>
      {blocks.map((block) => (
        <BlockView key={block.key} token={block.token} />
      ))}
    </div>
  )
}

const BlockView = memo(
  ({ token }: { token: Token }) => <>{renderBlock(token)}</>,
  (before, after) => before.token === after.token || (before.token.type === after.token.type && before.token.raw === after.token.raw),
)

const children = (token: { tokens?: Token[] | undefined }, render: (token: Token) => ReactNode) =>
  (token.tokens ?? []).map((child, i) => <Piece key={i}>{render(child)}</Piece>)

const Piece = ({ children: inside }: { children: ReactNode }) => <>{inside}</>

function renderBlock(token: Token): ReactNode {
  switch (token.type) {
    case 'heading': {
      const Heading = `h${Math.min(4, (token as Tokens.Heading).depth)}` as 'h1'
      return <Heading>{children(token as Tokens.Heading, renderInline)}</Heading>
    }
    case 'paragraph':
      return <p>{children(token as Tokens.Paragraph, renderInline)}</p>
    case 'text':
      return 'tokens' in token && token.tokens ? <>{children(token as Tokens.Text, renderInline)}</> : unescape((token as Tokens.Text).text)
    case 'code':
      return (
        <pre tabIndex={0}>
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      )
    case 'blockquote':
      return <blockquote>{children(token as Tokens.Blockquote, renderBlock)}</blockquote>
    case 'hr':
      return <hr />
    case 'list':
      return renderList(token as Tokens.List)
    case 'table':
      return renderTable(token as Tokens.Table)
    case 'space':
    case 'def':
    case 'checkbox':
      return null
    default:
      return <p>{token.raw}</p>
  }
}

function renderList(list: Tokens.List): ReactNode {
  const items = list.items.map((item, i) => (
    <li key={i} className={item.task ? 'task' : undefined}>
      {item.task && <span aria-label={item.checked ? 'Done' : 'Open'}>{item.checked ? '☑ ' : '☐ '}</span>}
      {children(item, renderBlock)}
    </li>
  ))
  return list.ordered ? <ol start={Number(list.start) || 1}>{items}</ol> : <ul>{items}</ul>
}

const renderTable = (table: Tokens.Table): ReactNode => (
  <table>
    <thead>
      <tr>
        {table.header.map((cell, i) => (
          <th key={i} style={{ textAlign: table.align[i] ?? undefined }}>
            {children(cell, renderInline)}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {table.rows.map((row, i) => (
        <tr key={i}>
          {row.map((cell, k) => (
            <td key={k} style={{ textAlign: table.align[k] ?? undefined }}>
              {children(cell, renderInline)}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  </table>
)

function renderInline(token: Token): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{children(token as Tokens.Strong, renderInline)}</strong>
    case 'em':
      return <em>{children(token as Tokens.Em, renderInline)}</em>
    case 'del':
      return <del>{children(token as Tokens.Del, renderInline)}</del>
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>
    case 'br':
      return <br />
    case 'link': {
      const link = token as Tokens.Link
      return renderLink(link.href, children(link, renderInline))
    }
    case 'image': {
      const image = token as Tokens.Image
      return renderLink(image.href, `Picture: ${image.text || image.href}`)
    }
    case 'escape':
    case 'text':
      return 'tokens' in token && token.tokens ? children(token as Tokens.Text, renderInline) : unescape((token as Tokens.Text).text)
    default:
      return token.raw
  }
}

/** Only addresses that a browser opens without running anything. */
function renderLink(href: string, inside: ReactNode): ReactNode {
  if (!/^(https?:|mailto:)/i.test(href)) return <>{inside}</>
  return (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {inside}
    </a>
  )
}

const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#39;': "'" }

/** Elements escape by themselves, so what was written as an entity is turned back into its character. */
const unescape = (text: string) => text.replace(/&(?:lt|gt|amp|quot|#39);/g, (entity) => entities[entity] ?? entity)
