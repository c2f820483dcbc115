import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const ROOT = path.resolve(import.meta.dirname, '../..')

/** Documents outside of docs/ that are pages, too. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'CHANGELOG.md': '/docs/changelog',
  'CONTRIBUTING.md': '/docs/contributing',
  'SECURITY.md': '/docs/security',
  'client/README.md': '/docs/client',
  'packages/inngest-embedded/README.md': '/docs/inngest-embedded',
}

/** One document of the repository that becomes a page. */
export interface Source {
  /** Path within the repository. */
  readonly file: string
  /** Where the page is served, without a slash at its end. */
  readonly address: string
  readonly text: string
}

/** Every document that becomes a page, in the order of their paths. */
export function readSources(): Source[] {
  const inDocs = globSync('docs/**/*.md', { cwd: ROOT }).toSorted()
  return [...inDocs, ...Object.keys(ELSEWHERE)].map((file) => ({
    file,
    address: addressOf(file),
    text: readFileSync(path.join(ROOT, file), 'utf8'),
  }))
}

/** The README of a folder is the page of the folder. */
function addressOf(file: string): string {
  return ELSEWHERE[file] ?? `/${file.replace(/(?:\/README)?\.md$/, '').toLowerCase()}`
}
