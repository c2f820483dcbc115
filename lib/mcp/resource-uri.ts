import { isPromptName } from '../prompts/name.ts'

export type ResourceTarget =
  | { kind: 'prompt'; name: string; version: number | undefined }
  | { kind: 'category'; slug: string }

const PROMPT = /^prompt:\/\/([a-z0-9_-]{1,64})(?:\/versions\/([1-9]\d{0,9}))?$/
const CATEGORY = /^category:\/\/([a-z0-9_-]{1,64})$/
const VERSION_MAX = 2_147_483_647

/** What a URI of ours names, however it is written; undefined for any other. */
export function parseUri(given: string): ResourceTarget | undefined {
  const uri = normalised(given)
  const [, name, number] = PROMPT.exec(uri) ?? []
  if (name !== undefined && isPromptName(name)) {
    const version = number === undefined ? undefined : Number(number)
    return version === undefined || version <= VERSION_MAX ? { kind: 'prompt', name, version } : undefined
  }
  const [, slug] = CATEGORY.exec(uri) ?? []
  return slug === undefined ? undefined : { kind: 'category', slug }
}

/** One way to write a URI (RFC 3986, 6.2.2): the scheme in small letters, nothing encoded without need. */
function normalised(uri: string): string {
  const plain = uri.replace(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCodePoint(Number.parseInt(encoded.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : encoded
  })
  return plain.replace(/^[a-z]+:/i, (scheme) => scheme.toLowerCase())
}

/** The kinds of URI, as templates (RFC 6570). */
export const TEMPLATES = [
  {
    uriTemplate: 'prompt://{name}',
    name: 'prompt',
    title: 'Source of a prompt',
    description: 'The released version of a prompt with its variables, as Markdown',
  },
  {
    uriTemplate: 'prompt://{name}/versions/{version}',
    name: 'prompt_version',
    title: 'Source of one version of a prompt',
    description: 'A version of a prompt by its number, as Markdown',
  },
  {
    uriTemplate: 'category://{slug}',
    name: 'category',
    title: 'A category',
    description: 'What belongs into a category, and its prompts',
  },
] as const
