import { assertMay } from '../access/rights.ts'
import { listCategories } from '../categories/operations/list-categories.ts'
import type { CategoryList } from '../categories/schema.ts'
import { appError, isAppError } from '../errors.ts'
import type { PublishedPage, PublishedResource } from '../prompts/list-schema.ts'
import { PRODUCTION } from '../prompts/name.ts'
import { getPrompt } from '../prompts/operations/get-prompt.ts'
import { listPrompts } from '../prompts/operations/list-prompts.ts'
import { listPublishedResources } from '../prompts/operations/list-published-resources.ts'
import { cutText } from '../text.ts'
import type { Caller } from './caller.ts'
import { byName } from './did-you-mean.ts'
import { INVALID_PARAMS, invalidParams, RESOURCE_NOT_FOUND, rpcError } from './errors.ts'
import { keepBytes, oncePer } from './kept-bytes.ts'
import { assertScopeExists, categoryFault } from './known-scope.ts'
import { categoryMarkdown, promptMarkdown } from './markdown.ts'
import type { JsonObject } from './message.ts'
import { readCursor } from './paging.ts'
import { parseUri, TEMPLATES } from './resource-uri.ts'
import { STATELESS_REVISION } from './revision.ts'
import { selectorOf } from './selector.ts'
import { assertInScope } from './visibility.ts'

const MARKDOWN = 'text/markdown'

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

const promptEntries = oncePer((page: PublishedPage<PublishedResource>) => page.items.map(promptEntry))

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
  const { name, version } = target
  return byName(caller, name, async () => {
    const selector = selectorOf(caller, { version })
    await assertInScope(caller, name, selector)
    return promptMarkdown(await getPrompt(caller.actor, { name, ...selector }))
  })
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
