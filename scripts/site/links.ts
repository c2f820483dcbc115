import { existsSync } from 'node:fs'
import path from 'node:path'
import { ROOT, type Source } from './sources.ts'

/** Where the things are served that documents point at. */
export interface Addresses {
  /** Addresses of pages by their files. */
  readonly pages: ReadonlyMap<string, string>
  /** Addresses of pictures by their files. */
  readonly pictures: ReadonlyMap<string, string>
}

/** What a link of a document leads to on the site. */
export type Target =
  | { readonly kind: 'outside' | 'page' | 'picture'; readonly href: string }
  /** A file of the repository that is no page: the site tells its name. */
  | { readonly kind: 'file' }
  /** Nothing: the document is wrong. */
  | { readonly kind: 'nothing' }

export function pageAddresses(sources: readonly Source[]): Map<string, string> {
  return new Map(sources.map(({ file, address }) => [file, address]))
}

/**
 * The target of a link, which is written so that it works in the repository.
 * @param file the document it stands in
 */
export function targetOf(file: string, href: string, { pages, pictures }: Addresses): Target {
  if (/^(?:https?:|mailto:)/.test(href)) return { kind: 'outside', href }
  if (href.startsWith('/')) return { kind: 'nothing' }
  if (href.startsWith('#')) return { kind: 'page', href }
  const [to = '', hash] = href.split(/#(.*)/s)
  const target = path.posix.join(path.posix.dirname(file), decodeURI(to)).replace(/\/$/, '')
  const page = pages.get(target) ?? pages.get(`${target}/README.md`)
  if (page !== undefined) return { kind: 'page', href: hash === undefined ? page : `${page}#${hash}` }
  const picture = pictures.get(target)
  if (picture !== undefined) return { kind: 'picture', href: picture }
  return { kind: existsSync(path.join(ROOT, target)) ? 'file' : 'nothing' }
}
