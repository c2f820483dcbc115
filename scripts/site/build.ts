import { mkdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { openApiDocument } from '../../lib/rest/openapi.ts'
import { CONTRACTS, SCOPES } from '../../lib/rest/table.ts'
import { clientTarball } from '../client/build.ts'
import { named, readPictures, siteAssets } from './assets.ts'
import { type Addresses, pageAddresses } from './links.ts'
import { type Rendered, renderDocument } from './markdown.ts'
import { CONTENTS, readNavigation } from './navigation.ts'
import { type PageFiles, renderPage } from './page.ts'
import type { ApiDocument } from './reference/document.ts'
import { referencePages } from './reference/reference.ts'
import { type Place, searchIndex } from './search-index.ts'
import { readSources, type Source } from './sources.ts'
import { type SiteFile, writeSite } from './write.ts'

const LISTS: ReadonlySet<string> = new Set(['/docs', '/docs/adr'])
const HTML = 'text/html; charset=utf-8'

/** Every file of the site. @throws naming the document and what is wrong with it */
export function makeSite(): SiteFile[] {
  const sources = readSources()
  const pictures = readPictures()
  const pages = pageAddresses(sources)
  const sections = readNavigation(contentsOf(sources), pages)
  const addresses = { pages, pictures: new Map([...pictures].map(([file, { address }]) => [file, address])) }
  const rendered = renderAll(sources, addresses)
  const assets = siteAssets()
  const index = named('index.json', Buffer.from(searchIndex(placesOf(rendered))))
  const addressOf = (name: string) => assets.get(name)?.address ?? ''
  const files: PageFiles = {
    style: addressOf('site.css'),
    theme: addressOf('theme.js'),
    script: addressOf('site.js'),
    search: addressOf('search.js'),
    index: index.address,
  }
  const missing = renderPage(NO_PAGE, sections, files)
  return [
    ...[...rendered].map(([address, page]) => {
      return { address, type: HTML, bytes: Buffer.from(renderPage({ address, ...page }, sections, files)) }
    }),
    { address: NO_PAGE.address, type: HTML, bytes: Buffer.from(missing) },
    ...[...assets.values(), ...pictures.values(), index].map((asset) => ({ ...asset, isForever: true })),
  ]
}

/** What is answered where there is no page. */
const NO_PAGE = {
  address: '/docs/404',
  title: 'No such page',
  html: '<h1>No such page</h1><p>The documentation has no page at this address. The contents beside this text list all of them, and the search finds words.</p>',
  headings: [],
}

function contentsOf(sources: readonly Source[]): Source {
  const found = sources.find(({ file }) => file === CONTENTS)
  if (found === undefined) throw new Error(`${CONTENTS} is missing.`)
  return found
}

function renderAll(sources: readonly Source[], addresses: Addresses): Map<string, Rendered> {
  // As it is sent: what JSON leaves out is left out here.
  const document: ApiDocument = JSON.parse(JSON.stringify(openApiDocument(CONTRACTS, SCOPES)))
  const documents = sources.map((source) => [source.address, renderDocument(source, addresses)] as const)
  return new Map([...documents, ...referencePages(document)])
}

function placesOf(pages: ReadonlyMap<string, Rendered>): Place[] {
  return [...pages].flatMap(([address, { title: page, passages }]) =>
    // Lists of pages would be found for the words of each page.
    (LISTS.has(address) ? passages.slice(0, 1) : passages).map(({ id, title, text }) => ({
      address: id === undefined ? address : `${address}#${id}`,
      page,
      title,
      text,
    })),
  )
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2)
  if (folder === undefined) throw new Error('Name the folder that the site goes to.')
  // An app that runs has the old files until the new ones are whole.
  const [place, next] = [path.resolve(folder), `${path.resolve(folder)}-next`]
  rmSync(next, { recursive: true, force: true })
  mkdirSync(next, { recursive: true })
  const client = { address: '/client.tgz', type: 'application/gzip', bytes: await clientTarball() }
  writeSite(next, [...makeSite(), client])
  rmSync(place, { recursive: true, force: true })
  renameSync(next, place)
}
