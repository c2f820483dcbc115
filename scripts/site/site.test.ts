import { beforeAll, describe, expect, it } from 'vitest'
import { decisionIndex } from '../docs/decisions.ts'
import { drawDiagrams } from '../docs/diagrams.ts'
import { makeSite } from './build.ts'
import { readDiagramFile } from './diagrams.ts'
import { readSources } from './sources.ts'
import type { SiteFile } from './write.ts'

let files: ReadonlyMap<string, SiteFile>
let pages: ReadonlyMap<string, string>

beforeAll(() => {
  files = new Map(makeSite().map((file) => [file.address, file]))
  pages = new Map(
    [...files].flatMap(([address, { type, bytes }]) =>
      type.startsWith('text/html') ? [[address, bytes.toString()] as const] : [],
    ),
  )
})

/** Places of the app that pages lead to. */
const OF_THE_APP = new Set(['/', '/icon.svg', '/api/openapi.json'])

function values(html: string, attribute: string): string[] {
  return [...html.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, 'g'))].map(([, value = '']) => value)
}

describe('the site', () => {
  it('has a page for each document, and for each part of the API', () => {
    const addresses = readSources().map(({ address }) => address)
    const parts = ['/docs', '/docs/api', '/docs/api/prompts', '/docs/api/schemas', '/docs/adr']
    expect([...addresses, ...parts].filter((address) => !pages.has(address))).toEqual([])
  })

  it('leads nowhere in vain: every link and every anchor is there', () => {
    const broken: string[] = []
    let count = 0
    for (const [address, html] of pages)
      for (const link of [
        ...values(html, 'href'),
        ...values(html, 'src'),
        ...values(html, 'data-(?:search|index)'),
      ]) {
        count += 1
        if (/^(?:https?:|mailto:)/.test(link) || OF_THE_APP.has(link)) continue
        const [to = '', anchor] = link.split('#')
        const target = to === '' ? address : to
        const hasAnchor = () =>
          values(pages.get(target) ?? '', 'id').includes(decodeURIComponent(anchor ?? ''))
        if (!files.has(target) || (anchor !== undefined && !hasAnchor())) broken.push(`${address} → ${link}`)
      }
    expect(broken).toEqual([])
    expect(count).toBeGreaterThan(5000)
  })

  it('has nothing inline, and nothing from elsewhere', () => {
    for (const [address, html] of pages) {
      expect([address, html.match(/<style|\sstyle="|\son\w+="|<script(?![^>]*\ssrc=)/g)]).toEqual([
        address,
        null,
      ])
      for (const source of values(html, 'src'))
        expect([address, source]).toEqual([address, expect.stringMatching(/^\/docs\//)])
    }
    const asked = [...files.values()]
      .filter(({ address, type }) => /css|javascript/.test(type) && !address.includes('minisearch'))
      .flatMap(({ bytes }) => bytes.toString().match(/https?:\/\/\S+/g) ?? [])
    expect(asked).toEqual([])
  })

  it('has each id once, and one title, on every page', () => {
    for (const [address, html] of pages) {
      const ids = values(html, 'id')
      expect([address, ids.length]).toEqual([address, new Set(ids).size])
      expect([address, html.match(/<h1/g)?.length]).toEqual([address, 1])
    }
  })

  it('lists every document of docs/ in its contents', () => {
    const contents = pages.get('/docs') ?? ''
    const [menu = ''] = /<nav class="contents"[^]*?<\/nav>/.exec(contents) ?? []
    const listed = new Set(values(menu, 'href'))
    const missing = readSources()
      .filter(({ file }) => !file.startsWith('docs/adr/') && file !== 'docs/README.md')
      .filter(({ address }) => !listed.has(address))
    expect(missing.map(({ file }) => file)).toEqual([])
    expect([...menu.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title)).toEqual(
      'Start Write Release Connect Import Team Watch Operate Reference Decisions'.split(' '),
    )
  })

  it('keeps what HTML means out of texts', () => {
    expect(pages.get('/docs/templates')).toContain('{{ name }}')
    for (const { file, text } of readSources())
      expect([
        file,
        text.replace(/```[^]*?```|`[^`\n]*`|<!--[^]*?-->/g, '').match(/<\/?[a-z][^>]*>/g),
      ]).toEqual([file, null])
  })
})

it('the pictures of diagrams are those of the documents', () => {
  for (const [file, svg] of drawDiagrams()) expect([file, readDiagramFile(file)]).toEqual([file, svg])
})

it('the index of decisions lists all of them', () => {
  expect(readSources().find(({ file }) => file === 'docs/adr/README.md')?.text).toBe(decisionIndex())
})
