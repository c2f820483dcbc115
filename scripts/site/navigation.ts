import { toString as textOf } from 'mdast-util-to-string'
import { parseMarkdown } from './markdown.ts'
import type { Source } from './sources.ts'

export interface Section {
  readonly title: string
  readonly pages: readonly Entry[]
}

export interface Entry {
  readonly title: string
  readonly address: string
}

/** The list of contents of the documentation, which is also the order of the site. */
export const CONTENTS = 'docs/README.md'

/** Built from the code and no file: it follows the page of REST. */
const REFERENCE: Entry = { title: 'API reference', address: '/docs/api' }

/** Reads the navigation from docs/README.md: a heading for each section, a list of links below. */
export function readNavigation(contents: Source, pages: ReadonlyMap<string, string>): Section[] {
  const sections: { title: string; pages: Entry[] }[] = []
  for (const node of parseMarkdown(contents.text).children) {
    if (node.type === 'heading' && node.depth === 2) sections.push({ title: textOf(node), pages: [] })
    if (node.type !== 'list') continue
    for (const item of node.children) {
      const [paragraph] = item.children
      const link = paragraph?.type === 'paragraph' ? paragraph.children[0] : undefined
      if (link?.type !== 'link') throw new Error(`${contents.file}: each item begins with a link.`)
      const address = pages.get(new URL(link.url, 'file:///docs/').pathname.slice(1))
      if (address === undefined) throw new Error(`${contents.file}: there is no page ${link.url}.`)
      sections.at(-1)?.pages.push({ title: textOf(link), address })
    }
  }
  return sections.map(({ title, pages }) => ({ title, pages: withReference(pages) }))
}

function withReference(entries: readonly Entry[]): Entry[] {
  return entries.flatMap((entry) => (entry.address === '/docs/rest' ? [entry, REFERENCE] : [entry]))
}
