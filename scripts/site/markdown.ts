import GithubSlugger from 'github-slugger'
import { toString as textOf } from 'hast-util-to-string'
import rehypeStringify from 'rehype-stringify'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import remarkRehype from 'remark-rehype'
import { unified } from 'unified'
import { SKIP, visit } from 'unist-util-visit'
import { readDiagram } from './diagrams.ts'
import { highlighted } from './highlight.ts'
import { type Addresses, targetOf } from './links.ts'
import type { Source } from './sources.ts'
import type { Element, ElementContent, Root } from './tree.ts'

/** A document as it is shown. */
export interface Rendered {
  readonly title: string
  readonly html: string
  readonly headings: readonly Heading[]
  /** Its texts by section, for the search. */
  readonly passages: readonly Passage[]
}

export interface Heading {
  readonly id: string
  readonly depth: number
  readonly title: string
}

export interface Passage {
  /** Undefined: what stands before the first heading. */
  readonly id: string | undefined
  readonly title: string
  readonly text: string
}

const parser = unified().use(remarkParse).use(remarkGfm)
const toHtml = unified().use(remarkRehype)
// Raw are our own pictures alone: remark-rehype leaves HTML of the documents out.
const writer = unified().use(rehypeStringify, { allowDangerousHtml: true })

/** The tree of a document. */
export function parseMarkdown(text: string): ReturnType<typeof parser.parse> {
  return parser.parse(text)
}

/** A document as HTML: its links lead to pages of the site, its headings have the anchors of a forge. */
export function renderDocument(source: Source, addresses: Addresses): Rendered {
  const tree = toHtml.runSync(parseMarkdown(source.text))
  const headings = markHeadings(tree)
  const title = headings.find(({ depth }) => depth === 1)?.title
  if (title === undefined) throw new Error(`${source.file} has no title.`)
  const passages = readPassages(tree, title)
  drawDiagrams(tree, source)
  dressCode(tree)
  dressTables(tree)
  leadLinks(tree, source, addresses)
  addAnchors(tree)
  return { title, html: writer.stringify(tree), headings, passages }
}

/** A short text of the code, such as a description of the API, as HTML. */
export function renderText(text: string): string {
  const tree = toHtml.runSync(parseMarkdown(text))
  return writer.stringify(tree)
}

/** Parts of a tree as HTML. */
export function write(children: ElementContent[]): string {
  return writer.stringify({ type: 'root', children })
}

function markHeadings(tree: Root): Heading[] {
  const slugger = new GithubSlugger()
  const headings: Heading[] = []
  visit(tree, 'element', (node) => {
    const [, depth] = /^h([1-6])$/.exec(node.tagName) ?? []
    if (depth === undefined) return
    const title = textOf(node)
    const id = slugger.slug(title)
    node.properties.id = id
    headings.push({ id, depth: Number(depth), title })
  })
  return headings
}

function readPassages(tree: Root, title: string): Passage[] {
  const passages: { id: string | undefined; title: string; text: string }[] = [
    { id: undefined, title, text: '' },
  ]
  for (const node of tree.children) {
    if (node.type !== 'element') continue
    const { tagName, properties } = node
    if (/^h[2-4]$/.test(tagName)) passages.push({ id: String(properties.id), title: textOf(node), text: '' })
    else if (tagName !== 'h1') {
      const last = passages.at(-1)
      if (last !== undefined) last.text += `${spaced(node)} `
    }
  }
  return passages
}

/** The words of a part of a document; cells and items are words of their own. */
function spaced(node: Element): string {
  const words: string[] = []
  visit(node, 'text', ({ value }) => void words.push(value))
  return words.join(/^(?:table|ul|ol)$/.test(node.tagName) ? ' ' : '')
}

function drawDiagrams(tree: Root, { file }: Source): void {
  let count = 0
  visit(tree, 'element', (node, index, parent) => {
    if (node.tagName !== 'pre' || languageOf(node) !== 'mermaid' || parent === undefined) return
    count += 1
    // Wide as it is, it scrolls within itself.
    parent.children[index ?? 0] = scroller('figure', `Diagram ${count}`, [
      { type: 'raw', value: readDiagram(file, count) } as unknown as ElementContent,
    ])
    return SKIP
  })
}

function languageOf(pre: Element): string {
  const [code] = pre.children
  if (code?.type !== 'element' || !Array.isArray(code.properties.className)) return ''
  const name = code.properties.className.find((each) => each.startsWith('language-'))
  return (name ?? '').slice('language-'.length)
}

function dressCode(tree: Root): void {
  visit(tree, 'element', (node) => {
    const [code] = node.children
    if (node.tagName !== 'pre' || code?.type !== 'element') return
    code.children = highlighted(textOf(code), languageOf(node))
    // What is wider than the page scrolls by keyboard, too.
    node.properties.tabIndex = 0
    return SKIP
  })
}

function dressTables(tree: Root): void {
  visit(tree, 'element', (node, index, parent) => {
    if (node.tagName !== 'table' || parent === undefined || index === undefined) return
    const heads: string[] = []
    visit(node, 'element', (cell) => {
      // A cell without words is no head of anything.
      if (cell.tagName === 'th' && textOf(cell) === '') cell.tagName = 'td'
      else if (cell.tagName === 'th') heads.push(textOf(cell))
    })
    parent.children[index] = scroller('div', `Table: ${heads.join(', ')}`, [node])
    return SKIP
  })
}

/** A box that scrolls within itself. */
function scroller(tagName: string, label: string, children: ElementContent[]): Element {
  const properties = { className: ['scroller'], role: 'group', ariaLabel: label, tabIndex: 0 }
  return { type: 'element', tagName, properties, children }
}

function leadLinks(tree: Root, { file }: Source, addresses: Addresses): void {
  visit(tree, 'element', (node) => {
    const key = node.tagName === 'a' ? 'href' : node.tagName === 'img' ? 'src' : undefined
    if (key === undefined) return
    const written = String(node.properties[key])
    const target = targetOf(file, written, addresses)
    if (target.kind === 'nothing') throw new Error(`${file}: the link ${written} leads nowhere.`)
    if (target.kind === 'file') Object.assign(node, { tagName: 'span', properties: {} })
    else node.properties[key] = target.href
    if (target.kind === 'outside') node.properties.rel = ['noreferrer']
    if (node.tagName === 'img') node.properties.loading = 'lazy'
  })
}

function addAnchors(tree: Root): void {
  visit(tree, 'element', (node) => {
    if (!/^h[2-4]$/.test(node.tagName)) return
    const title = textOf(node)
    const properties = {
      className: ['anchor'],
      href: `#${String(node.properties.id)}`,
      ariaLabel: `Link to “${title}”`,
    }
    node.children.push({
      type: 'element',
      tagName: 'a',
      properties,
      children: [{ type: 'text', value: '#' }],
    })
    return SKIP
  })
}
