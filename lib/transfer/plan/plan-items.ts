import { isReservedSlug } from '../../categories/rules.ts'
import { appError } from '../../errors.ts'
import { foldTag, isTag, LATEST } from '../../liquid/name-rules.ts'
import { inSlices } from '../../pacing.ts'
import { PRODUCTION } from '../../prompts/name.ts'
import { labelFault } from '../../prompts/rules.ts'
import type { PromptToSave, VersionToSave } from '../../prompts/saving-schema.ts'
import { CreateVersionInput } from '../../prompts/schema.ts'
import type { FoundItem } from '../formats/index.ts'
import type { ImportNote, ImportPlan } from '../schema.ts'
import type { Origin, SourceItem, SourceVersion } from '../source.ts'
import { slugOf } from './slug.ts'

/** An item, and what is to be done with it. */
export interface PlannedItem {
  item: FoundItem
  /** Its name here. */
  name: string
  notes: ImportNote[]
  /** undefined: nothing is. */
  prompt: PromptToSave | undefined
  /** Why not. */
  left?: 'skipped' | 'conflict' | 'refused'
}

type ItemPlan = NonNullable<ImportPlan['items']>[number]

/**
 * Decides by what is brought alone; what is there already is looked at when it is saved.
 * @throws invalid_input for a plan that names what is not there
 */
export async function planItems(items: readonly FoundItem[], plan: ImportPlan = {}): Promise<PlannedItem[]> {
  const said = new Map(plan.items?.map((each) => [keyOf(each.source), each]))
  assertAllNamed(plan, new Set(items.map(({ origin }) => keyOf(origin))))
  const holders = new Map<string, Origin>()
  const all: PlannedItem[] = []
  const breathe = inSlices()
  for (const item of items) {
    const own = said.get(keyOf(item.origin))
    const planned = planItem(item, own, plan.defaults)
    if (planned.prompt !== undefined) settleName(planned, planned.prompt, holders)
    all.push(planned)
    await breathe()
  }
  return all
}

/** Names that an error tells. */
const TOLD = 1000

/** @throws invalid_input for what the plan names and nobody brought: it would be ignored, and its prompt come in as it is */
function assertAllNamed({ items = [] }: ImportPlan, brought: ReadonlySet<string>): void {
  const lost = items.flatMap(({ source }, index) => (brought.has(keyOf(source)) ? [] : [{ source, index }]))
  const [first] = lost
  if (first === undefined) return
  const more = lost.length === 1 ? '' : `, and ${lost.length - 1} more`
  throw appError(
    'invalid_input',
    `The plan names ${nameOf(first.source)}, of which nothing was read${more}. ${REMEDY}.`,
    {
      details: lost.slice(0, TOLD).map(({ source, index }) => ({
        path: ['plan', 'items', index, 'source'],
        code: 'unknown_source',
        message: `No prompt was read from ${nameOf(source)}`,
        hint: REMEDY,
      })),
    },
  )
}

const REMEDY =
  'Write `path` and `entry` as `source` of the items of a dry run has them, or leave the item out'

function nameOf({ path, entry }: ItemPlan['source']): string {
  return entry === undefined ? `"${path}"` : `the entry "${entry}" of "${path}"`
}

function keyOf({ path, entry = '' }: { path: string; entry?: string | undefined }): string {
  return `${path}\n${entry}`
}

function planItem(
  item: FoundItem,
  own: ItemPlan | undefined,
  defaults: ImportPlan['defaults'] = {},
): PlannedItem {
  const name = own?.name ?? slugOf(item.name)
  const notes: ImportNote[] = [...item.notes]
  const planned: PlannedItem = { item, name, notes, prompt: undefined }
  if (own?.skip === true)
    return { ...planned, left: 'skipped', notes: [...notes, { message: 'It is left out, as the plan says' }] }
  if (item.kind === 'refused') return { ...planned, left: 'refused' }
  if (own?.name === undefined && name !== item.name)
    notes.push({ message: `The name ${JSON.stringify(item.name.slice(0, 200))} becomes "${name}"` })
  const versions = checkVersions(item, planned)
  if (versions === undefined) return { ...planned, left: 'refused' }
  const category = categoryOf(item, own, defaults, notes)
  const tags = tagsOf(item, notes)
  const aliases = aliasesOf(item, name, notes)
  const says = new Set(item.says)
  planned.prompt = {
    name,
    category,
    tags: [...new Set([...tags, ...(defaults.tags ?? [])])],
    aliases,
    shelf: {
      ...((own?.category !== undefined || says.has('category')) && { category }),
      ...(says.has('tags') && { tags }),
      ...(says.has('aliases') && { aliases }),
    },
    versions,
    onConflict: own?.on_conflict ?? defaults.on_conflict ?? 'version',
    movesLabels: defaults.labels !== false,
  }
  return planned
}

/** Two things that are brought cannot have one name, unless one may get another. */
function settleName(planned: PlannedItem, prompt: PromptToSave, holders: Map<string, Origin>): void {
  const holder = holders.get(prompt.name)
  if (holder === undefined || prompt.onConflict === 'rename') {
    holders.set(prompt.name, holder ?? planned.item.origin)
    return
  }
  const message = `${placeOf(holder)} and ${placeOf(planned.item.origin)} both become "${prompt.name}". Give one of them another name.`
  planned.notes.push({ message })
  planned.prompt = undefined
  planned.left = 'conflict'
}

function placeOf({ path, line, entry }: Origin): string {
  const within = entry ?? (line === undefined ? undefined : `line ${line}`)
  return within === undefined ? path : `${path} (${within})`
}

function categoryOf(
  item: SourceItem,
  own: ItemPlan | undefined,
  defaults: NonNullable<ImportPlan['defaults']>,
  notes: ImportNote[],
): string | null {
  if (own?.category !== undefined) return own.category
  if (item.category === undefined) return defaults.category ?? null
  const slug = slugOf(item.category)
  const allowed = isReservedSlug(slug) ? `${slug}-prompts` : slug
  if (allowed !== item.category)
    notes.push({ message: `The category "${item.category}" becomes "${allowed}"` })
  return allowed
}

function tagsOf(item: SourceItem, notes: ImportNote[]): string[] {
  const said = (item.tags ?? []).map((tag) => foldTag(tag))
  const wrong = said.filter((tag) => !isTag(tag))
  if (wrong.length > 0)
    notes.push({ message: `Tags that cannot be tags here are left out: ${wrong.join(', ').slice(0, 200)}` })
  return [...new Set(said.filter(isTag))]
}

function aliasesOf(item: SourceItem, name: string, notes: ImportNote[]): string[] {
  return [
    ...new Set(
      (item.aliases ?? []).map((alias) => {
        const slug = slugOf(alias)
        if (slug !== alias) notes.push({ message: `The alias "${alias}" becomes "${slug}"` })
        return slug
      }),
    ),
  ].filter((alias) => alias !== name)
}

const Version = CreateVersionInput.omit({ accept_breaking: true })

/** Versions in the form of the API; undefined where one is not of it, with notes why. */
function checkVersions(item: SourceItem, { notes }: PlannedItem): VersionToSave[] | undefined {
  const versions: VersionToSave[] = []
  for (const [index, { number, was, pins, ...version }] of item.versions.entries()) {
    // A version says all of its format, whatever the one before has.
    const parsed = Version.safeParse({ format: 'liquid', ...withLabels(version, notes) })
    if (parsed.success) {
      versions.push({
        ...parsed.data,
        ...(number !== undefined && { number }),
        ...(was !== undefined && { was }),
        ...(pins !== undefined && { pins }),
      })
      continue
    }
    const which = index === item.versions.length - 1 ? '' : `Version ${index + 1} of the source: `
    notes.push(
      ...parsed.error.issues
        .slice(0, 20)
        .map(({ path, message }) => ({ message: `${which}${path.join('.')}: ${message}` })),
    )
    return undefined
  }
  return versions.length > 0 ? versions : undefined
}

const MOST_LABELS = 20

/** Labels that can be labels here; `latest` always is the newest version. */
function withLabels({ labels, ...version }: SourceVersion, notes: ImportNote[]): SourceVersion {
  if (labels === undefined) return version
  const kept: string[] = []
  for (const label of labels) {
    const slug = label === PRODUCTION ? label : slugOf(label)
    if (label === LATEST) continue
    const fault = labelFault(slug)
    if (fault !== undefined) notes.push({ message: `The label "${label}" is left out. ${fault}` })
    else {
      if (slug !== label) notes.push({ message: `The label "${label}" becomes "${slug}"` })
      kept.push(slug)
    }
  }
  const own = [...new Set(kept)]
  const left = own.splice(MOST_LABELS)
  if (left.length > 0)
    notes.push({ message: `A version gets ${MOST_LABELS} labels at once; left out: ${left.join(', ')}` })
  return { ...version, labels: own }
}
