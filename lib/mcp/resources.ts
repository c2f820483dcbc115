import { assertMay } from '../access/rights.ts'
import { listCategories } from '../categories/operations/list-categories.ts'
import type { CategoryList } from '../categories/schema.ts'
import { appError, isAppError } from '../errors.ts'
import type { PublishedPage, PublishedResource } from '../prompts/list-schema.ts'
import { isPromptName, PRODUCTION } from '../prompts/name.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { listPrompts } from '../prompts/operations/list-prompts.ts'
import { listPublishedResources } from '../prompts/operations/published/list-published-resources.ts'
import { cutText } from '../text.ts'
import { readCursor } from './arguments.ts'
import type { Caller } from './caller.ts'
import { byName } from './did-you-mean.ts'
import { INVALID_PARAMS, invalidParams, RESOURCE_NOT_FOUND, rpcError } from './errors.ts'
import { categoryMarkdown, promptMarkdown } from './markdown.ts'
import { parseSkillUri, readSkillFile, type SkillTarget, skillResource } from './skills.ts'
import { keepBytes, oncePer } from './transport/kept-bytes.ts'
import { type JsonObject, STATELESS_REVISION } from './transport/message.ts'
import { assertInScope, assertScopeExists, categoryFault, selectorOf } from './visibility.ts'

const MARKDOWN = 'text/markdown'

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

/** `resources/list`: the categories, then the source of every prompt that the caller sees. */
export async function listResources(caller: Caller, params: JsonObject): Promise<JsonObject> {
  const { actor, scope } = caller
  const cursor = readCursor(params)
  const page = await listPublishedResources(actor, { ...scope, cursor })
  if (cursor !== undefined) return laterPage(page)
  if (page.items.length === 0) await assertScopeExists(caller)
  return firstPage(page, await listCategories(actor), scope.category)
}

const laterPage = oncePer((page: PublishedPage<PublishedResource>) => pageResult(page, []))

const promptEntries = oncePer((page: PublishedPage<PublishedResource>) =>
  page.items.flatMap((item) => (item.skill ? [promptEntry(item), skillResource(item)] : [promptEntry(item)])),
)

/** By the page, then by the categories: both are given out again while they are the same. */
const firstPages = oncePer(
  (_page: PublishedPage<PublishedResource>) => new WeakMap<CategoryList, JsonObject>(),
)

function firstPage(
  page: PublishedPage<PublishedResource>,
  list: CategoryList,
  only: string | null,
): JsonObject {
  const known = firstPages(page).get(list)
  if (known !== undefined) return known
  const seen = list.categories.filter(({ slug }) => only === null || slug === only)
  const made = pageResult(page, seen.map(categoryEntry))
  firstPages(page).set(list, made)
  return made
}

function pageResult(page: PublishedPage<PublishedResource>, first: JsonObject[]): JsonObject {
  return keepBytes({
    resources: [...first, ...promptEntries(page)],
    ...(page.next_cursor === null ? {} : { nextCursor: page.next_cursor }),
  })
}

function promptEntry({ name, title, description }: PublishedResource): JsonObject {
  return {
    uri: `prompt://${name}`,
    name,
    ...(title === '' ? {} : { title }),
    ...(description === '' ? {} : { description }),
    mimeType: MARKDOWN,
  }
}

function categoryEntry({ slug, name, description }: CategoryList['categories'][number]): JsonObject {
  return {
    uri: `category://${slug}`,
    name: slug,
    title: name,
    ...(description === '' ? {} : { description }),
    mimeType: MARKDOWN,
  }
}

const templates = { resourceTemplates: TEMPLATES.map((each) => ({ ...each, mimeType: MARKDOWN })) }

/** `resources/templates/list`: there are always the same. */
export async function listResourceTemplates({ actor }: Caller, params: JsonObject): Promise<JsonObject> {
  assertMay(actor, 'prompts:read')
  if (readCursor(params) !== undefined) throw invalidParams('There is one page alone')
  return templates
}

/**
 * `resources/read`.
 * @throws in the revision's own way, with the URI as data, when there is no such resource
 */
export async function readResource(caller: Caller, { uri }: JsonObject): Promise<JsonObject> {
  if (typeof uri !== 'string') throw invalidParams('resources/read needs the URI of a resource')
  try {
    return { contents: [{ uri, mimeType: MARKDOWN, text: await readText(caller, uri) }] }
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found') throw error
    const code = caller.revision === STATELESS_REVISION ? INVALID_PARAMS : RESOURCE_NOT_FOUND
    throw rpcError(code, `Resource not found: ${cutText(uri, 200)}. ${error.message}`, {
      ...error.extra,
      uri,
    })
  }
}

/** @throws not_found that says why */
async function readText(caller: Caller, uri: string): Promise<string> {
  const target = parseUri(uri)
  if (target === undefined) throw appError('not_found', `Resources are ${URI_TEMPLATES}.`)
  if (target.kind === 'category') return readCategory(caller, target.slug)
  if (target.kind === 'skill') return readFile(caller, target)
  const { name, version } = target
  return byName(caller, name, async () => {
    const selector = selectorOf(caller, { version })
    await assertInScope(caller, name, selector)
    return promptMarkdown(await getPrompt(caller.actor, { name, ...selector }))
  })
}

async function readFile(caller: Caller, target: SkillTarget): Promise<string> {
  const text = await readSkillFile(caller, target)
  if (text !== undefined) return text
  throw appError('not_found', `The skill "${target.skill}" has no file of that path.`)
}

const URI_TEMPLATES = TEMPLATES.map(({ uriTemplate }) => uriTemplate).join(', ')

const PROMPTS_SHOWN = 200

async function readCategory(caller: Caller, slug: string): Promise<string> {
  const { actor, scope } = caller
  const { categories } = await listCategories(actor)
  const category = categories.find((each) => each.slug === slug)
  if (scope.category !== null && scope.category !== slug)
    throw appError('not_found', `This address shows the category "${scope.category}" alone.`)
  if (category === undefined) throw appError('not_found', (await categoryFault(caller, slug)).join(' '))
  const label = scope.label ?? PRODUCTION
  const page = await listPrompts(actor, { category: slug, limit: PROMPTS_SHOWN, label })
  return categoryMarkdown(category, page.items, page.next_cursor !== null)
}

export type ResourceTarget =
  | { kind: 'prompt'; name: string; version: number | undefined }
  | { kind: 'category'; slug: string }
  | ({ kind: 'skill' } & SkillTarget)

const PROMPT = /^prompt:\/\/([a-z0-9_-]{1,64})(?:\/versions\/([1-9]\d{0,9}))?$/
const CATEGORY = /^category:\/\/([a-z0-9_-]{1,64})$/
const VERSION_MAX = 2_147_483_647

/** The subject of a URI of ours, in any spelling; undefined for any other. */
export function parseUri(given: string): ResourceTarget | undefined {
  const uri = normalised(given)
  const [, name, number] = PROMPT.exec(uri) ?? []
  if (name !== undefined && isPromptName(name)) {
    const version = number === undefined ? undefined : Number(number)
    return version === undefined || version <= VERSION_MAX ? { kind: 'prompt', name, version } : undefined
  }
  const [, slug] = CATEGORY.exec(uri) ?? []
  if (slug !== undefined) return { kind: 'category', slug }
  const skill = parseSkillUri(uri)
  return skill && { kind: 'skill', ...skill }
}

/** One way to write a URI (RFC 3986, 6.2.2): the scheme in small letters, nothing encoded without need. */
function normalised(uri: string): string {
  const plain = uri.replace(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCodePoint(Number.parseInt(encoded.slice(1), 16))
    return /[\w.~-]/.test(character) ? character : encoded
  })
  return plain.replace(/^[a-z]+:/i, (scheme) => scheme.toLowerCase())
}
