import { z } from 'zod'
import { foldTag } from '../../liquid/name-rules.ts'
import { listPrompts } from '../../prompts/operations/list-prompts.ts'
import { listTags } from '../../prompts/operations/names/list-tags.ts'
import { type ListPromptsQuery, type PromptSummary, ListPromptsQuery as Query } from '../../prompts/schema.ts'
import { getRuntime } from '../../runtime.ts'
import { likeness } from '../../text.ts'
import type { Caller, Scope } from '../caller.ts'
import { categoryFault, labelFault, listOfNames } from '../visibility.ts'
import { READS, tool } from './tool.ts'

const { q, cursor } = Query.shape

/** Any text but the empty one: the answer for an unknown value lists the known values. */
const named = z.string().min(1)

const Found = z.object({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  category: z.string().optional(),
  variables: z.array(z.string()).describe('Names; one with "?" at its end may be left out'),
})
type Found = z.infer<typeof Found>

export const searchPromptsTool = tool({
  name: 'search_prompts',
  scope: 'prompts:read',
  title: 'Search the prompts',
  description:
    'Finds prompts by words in their name, title, description and text, by category or by tag; without any of them it lists all. Where no prompt has all the words, it says so and shows the closest. Render one of them with render_prompt.',
  annotations: READS,
  input: z.strictObject({
    query: q.describe('A few words for the task'),
    category: named.optional().describe('Slug of a category; "none": without one'),
    tag: named.overwrite(foldTag).optional(),
    label: named.optional().describe('Only prompts that have this label'),
    limit: z.int().min(1).optional().describe('Most prompts in one answer, 20 by default'),
    cursor: cursor.unwrap().min(1).optional(),
  }),
  output: z.object({
    prompts: z.array(Found),
    next_cursor: z.string().optional(),
    note: z.string().optional(),
  }),
  async run(caller, { query, ...given }) {
    const { limits, mcp } = getRuntime().config
    const filters: ListPromptsQuery = {
      limit: Math.min(mcp.search_page_size, limits.page_size_max),
      ...given,
      ...(query === undefined ? {} : { q: query }),
      ...narrowed(caller.scope, given),
    }
    const page = await listPrompts(caller.actor, filters)
    const prompts = (page.items.length > 0 ? page.items : (page.closest ?? [])).map(lean)
    const next = page.next_cursor ?? undefined
    const note = await noteFor(caller, filters, page)
    return {
      text: [
        note ?? '',
        ...prompts.map(line),
        next === undefined ? '' : `There are more: call again with cursor "${next}".`,
      ]
        .filter((part) => part !== '')
        .join('\n'),
      data: {
        prompts,
        ...(next === undefined ? {} : { next_cursor: next }),
        ...(note === undefined ? {} : { note }),
      },
    }
  },
})

/** A note beside the prompts: that they are only the closest, or the reason why there are none. */
function noteFor(
  caller: Caller,
  filters: ListPromptsQuery,
  { items, closest = [] }: { items: unknown[]; closest?: unknown[] | undefined },
): Promise<string | undefined> {
  if (items.length > 0) return Promise.resolve(undefined)
  if (closest.length === 0) return nothingFound(caller, filters)
  const advice = 'If none of them fits, try fewer or other words, or list_categories.'
  return Promise.resolve(`No prompt has all of these words; these come closest. ${advice}`)
}

/** The address narrows what can be found; a search inside it may name a label of its own. */
function narrowed(
  scope: Scope,
  filters: { label?: string | undefined },
): { category?: string; label?: string } {
  return {
    ...(scope.category === null ? {} : { category: scope.category }),
    ...(scope.label === null || scope.label === 'latest' || filters.label !== undefined
      ? {}
      : { label: scope.label }),
  }
}

/** The fields that a model chooses by, and no more: lists are read whole. */
function lean({ name, title, description, category: slug, variables }: PromptSummary): Found {
  return {
    name,
    ...(title === '' ? {} : { title }),
    ...(description === '' ? {} : { description }),
    ...(slug === null ? {} : { category: slug }),
    variables: variables.map((each) => (each.required ? each.name : `${each.name}?`)),
  }
}

function line({ name, title, description, variables }: Found): string {
  const about = [title, description].filter((text) => text !== undefined).join(': ')
  return `- ${name}(${variables.join(', ')})${about === '' ? '' : ` ${about}`}`
}

/** The reason why a search found nothing, and the alternatives: without them an agent would give up. */
async function nothingFound(caller: Caller, filters: ListPromptsQuery): Promise<string> {
  const { q = '', category, tag, label } = filters
  const faults = [
    ...(await categoryFault(caller, category === undefined || category === 'none' ? null : category)),
    ...(tag === undefined ? [] : await tagFault(caller, tag)),
    ...(await labelFault(caller, label ?? null)),
  ]
  if (faults.length > 0) return ['No prompt was found.', ...faults].join(' ')
  const narrowed = category !== undefined || tag !== undefined || label !== undefined
  const tries = [
    ...(q.trim() === '' ? [] : ['Try fewer or other words.']),
    ...(narrowed ? ['Search without category, tag and label.'] : []),
    'list_categories shows what there is.',
  ]
  return ['No prompt was found.', ...tries].join(' ')
}

const TAGS_READ = 200
const TAGS_NAMED = 12

async function tagFault({ actor }: Caller, tag: string): Promise<string[]> {
  const { items } = await listTags(actor, { limit: TAGS_READ })
  if (items.some((each) => each.tag === tag)) return []
  const nearest = items.map((each) => each.tag).toSorted((a, b) => likeness(b, tag) - likeness(a, tag))
  return [`No prompt has the tag "${tag}". ${listOfNames('Tags', nearest.slice(0, TAGS_NAMED))}`]
}
