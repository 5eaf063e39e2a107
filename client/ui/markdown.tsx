import { memo, useState, type ReactNode } from 'react'
import type { Token, Tokens } from 'marked'
import { CodeBlock } from './code-block.tsx'
import { createBlockParser, type Block } from './markdown-blocks.ts'
import { useMarkdownLabels, type MarkdownLabels } from './markdown-labels.ts'
import { Words } from './mentions.tsx'
import { SayLink } from './say-link.tsx'
import './markdown.css'

/**
 * Markdown as elements. HTML inside it is shown as the text it is, and a picture is a link: nothing is fetched and
 * nothing runs because somebody, or a model, wrote it. Text that grows is parsed at the cost of its growth, and what is
 * finished keeps its elements.
 */
export function Markdown({ text, growing = false }: { text: string; growing?: boolean }) {
  const labels = useMarkdownLabels()
  const [parse] = useState(createBlockParser)
  const blocks = parse(text, growing)
  return (
    <div className={growing ? 'prose-message growing' : 'prose-message'}>
      {chunksOf(blocks).map((chunk, at) => (
        <Chunk key={at} blocks={chunk} labels={labels} />
      ))}
    </div>
  )
}

/** A text that grows costs the looking through its chunks and the blocks of the last one, not through all of its blocks. */
const chunkSize = 16

function chunksOf(blocks: readonly Block[]): Block[][] {
  const chunks: Block[][] = []
  for (let at = 0; at < blocks.length; at += chunkSize) chunks.push(blocks.slice(at, at + chunkSize))
  return chunks
}

const Chunk = memo(
  ({ blocks, labels }: { blocks: readonly Block[]; labels: MarkdownLabels }) =>
    blocks.map((block) => <BlockView key={block.key} token={block.token} open={block.open} labels={labels} />),
  (before, after) =>
    before.labels === after.labels && before.blocks.length === after.blocks.length && before.blocks.every((block, at) => block === after.blocks[at]),
)

type BlockProps = { token: Token; open: boolean; labels: MarkdownLabels }

const BlockView = memo(
  ({ token, open, labels }: BlockProps) => <>{renderBlock(token, labels, open)}</>,
  (before, after) =>
    before.open === after.open &&
    before.labels === after.labels &&
    (before.token === after.token || (before.token.type === after.token.type && before.token.raw === after.token.raw)),
)

type Render = (token: Token, labels: MarkdownLabels, open?: boolean) => ReactNode

const children = (token: { tokens?: Token[] | undefined }, render: Render, labels: MarkdownLabels, open = false) =>
  (token.tokens ?? []).map((child, i, all) => <Piece key={i}>{render(child, labels, open && i === all.length - 1)}</Piece>)

const Piece = ({ children: inside }: { children: ReactNode }) => <>{inside}</>

function renderBlock(token: Token, labels: MarkdownLabels, open = false): ReactNode {
  switch (token.type) {
    case 'heading': {
      const Heading = `h${Math.min(4, (token as Tokens.Heading).depth)}` as 'h1'
      return <Heading>{children(token as Tokens.Heading, renderInline, labels)}</Heading>
    }
    case 'paragraph':
      return <p>{children(token as Tokens.Paragraph, renderInline, labels)}</p>
    case 'text':
      return 'tokens' in token && token.tokens ? (
        <>{children(token as Tokens.Text, renderInline, labels)}</>
      ) : (
        <Words text={unescape((token as Tokens.Text).text)} />
      )
    case 'code':
      return <CodeBlock code={(token as Tokens.Code).text} name={(token as Tokens.Code).lang} growing={open} labels={labels} />
    case 'blockquote':
      return <blockquote>{children(token as Tokens.Blockquote, renderBlock, labels, open)}</blockquote>
    case 'hr':
      return <hr />
    case 'list':
      return renderList(token as Tokens.List, labels, open)
    case 'table':
      return renderTable(token as Tokens.Table, labels)
    case 'space':
    case 'def':
    case 'checkbox':
      return null
    default:
      return <p>{token.raw}</p>
  }
}

function renderList(list: Tokens.List, labels: MarkdownLabels, open: boolean): ReactNode {
  const items = list.items.map((item, i) => (
    <li key={i} className={item.task ? 'task' : undefined}>
      {item.task && <input type="checkbox" checked={item.checked === true} disabled aria-label={item.checked ? labels.done : labels.open} />}
      {children(item, renderBlock, labels, open && i === list.items.length - 1)}
    </li>
  ))
  return list.ordered ? <ol start={Number(list.start) || 1}>{items}</ol> : <ul>{items}</ul>
}

/** Wide tables scroll inside themselves. */
const renderTable = (table: Tokens.Table, labels: MarkdownLabels): ReactNode => (
  <div className="table-scroll" tabIndex={0} role="group" aria-label={labels.table}>
    <table>
      <thead>
        <tr>
          {table.header.map((cell, i) => (
            <th key={i} style={{ textAlign: table.align[i] ?? undefined }}>
              {children(cell, renderInline, labels)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {table.rows.map((row, i) => (
          <tr key={i}>
            {row.map((cell, k) => (
              <td key={k} style={{ textAlign: table.align[k] ?? undefined }}>
                {children(cell, renderInline, labels)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)

function renderInline(token: Token, labels: MarkdownLabels): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{children(token as Tokens.Strong, renderInline, labels)}</strong>
    case 'em':
      return <em>{children(token as Tokens.Em, renderInline, labels)}</em>
    case 'del':
      return <del>{children(token as Tokens.Del, renderInline, labels)}</del>
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>
    case 'br':
      return <br />
    case 'link': {
      const link = token as Tokens.Link
      const isPlain = link.href === 'say:' && link.tokens.every((part) => part.type === 'text' || part.type === 'escape')
      if (isPlain) return <SayLink label={unescape(link.text)} />
      return renderLink(link.href, children(link, renderInline, labels))
    }
    case 'image': {
      const image = token as Tokens.Image
      return renderLink(image.href, labels.picture(image.text || image.href))
    }
    case 'escape':
    case 'text':
      return 'tokens' in token && token.tokens ? (
        children(token as Tokens.Text, renderInline, labels)
      ) : (
        <Words text={unescape((token as Tokens.Text).text)} />
      )
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
