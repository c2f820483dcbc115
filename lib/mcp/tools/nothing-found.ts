import { likeness } from '../../likeness.ts'
import { listTags } from '../../prompts/operations/list-tags.ts'
import type { ListPromptsQuery } from '../../prompts/schema.ts'
import type { Caller } from '../caller.ts'
import { categoryFault, labelFault, named } from '../visibility.ts'

/** Says why a search found nothing, and what there is instead: an agent would conclude that there is no prompt. */
export async function nothingFound(caller: Caller, filters: ListPromptsQuery): Promise<string> {
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
  return [`No prompt has the tag "${tag}". ${named('Tags', nearest.slice(0, TAGS_NAMED))}`]
}
