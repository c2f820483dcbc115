import { cutText } from '../../../text.ts'
import { convert } from '../../convert/convert.ts'
import type { ValueType } from '../../convert/tree.ts'
import { slugOf } from '../../plan/slug.ts'
import type {
  Conversion,
  Origin,
  ReadItem,
  RefusedItem,
  SourceItem,
  SourceNote,
  SourceVersion,
  TextPlace,
} from '../../source.ts'
import { type BuiltContent, buildContent, type SourceContent } from './content.ts'
import { type DeclaredVariable, mergeVariables } from './declared-variables.ts'
import { isEmpty } from './values.ts'

const NO_TEXT = 'It holds no text'
const TITLE_LENGTH = 200
const DESCRIPTION_LENGTH = 4000
const MESSAGE_LENGTH = 2000

/** One version as a format reads it, before its texts are converted. */
export interface VersionDraft
  extends Omit<SourceVersion, 'template_content' | 'messages' | 'format' | 'variables'> {
  content: SourceContent
  /** What the source says of variables; those of the text come beside them. */
  declared?: readonly DeclaredVariable[]
  /** Texts that may be included, in the same language, by the names that they are included by. */
  partials?: ReadonlyMap<string, string>
  /** What such a text is called as a prompt; left out: as it is included. */
  nameOfPartial?: (name: string) => string
  notes?: readonly SourceNote[]
}

/** What an item says beside its versions. */
export interface ItemDraft {
  origin: Origin
  name: string
  category?: string | undefined
  tags?: readonly string[] | undefined
  aliases?: readonly string[]
  notes?: readonly SourceNote[]
  /** The oldest first; at least one. */
  versions: readonly VersionDraft[]
}

/** Converts the texts of an item. A version that cannot be said here refuses the item when it is the newest, else it is left out. */
export function promptItem({
  origin,
  name,
  category,
  tags,
  aliases,
  notes = [],
  versions,
}: ItemDraft): ReadItem {
  const built = versions.map((draft) => buildVersion(draft))
  const newest = built.at(-1)
  if (newest === undefined) return refused(origin, name, [{ message: NO_TEXT }])
  if ('refused' in newest) return refused(origin, name, [...notes, ...newest.refused])
  const whole = built.flatMap((version) => ('refused' in version ? [] : [version]))
  const left = built.length - whole.length
  const item: SourceItem = {
    kind: 'prompt',
    origin,
    name,
    // Of several versions each has its own settings, if only none; one alone says nothing of what it has not.
    versions: whole.map(({ version }) => (versions.length > 1 ? { config: {}, ...version } : version)),
    notes: [
      ...notes,
      ...newest.notes,
      ...(left > 0
        ? [{ message: `${left} older versions say what cannot be said here; they are left out` }]
        : []),
    ],
  }
  if (category !== undefined && category !== '') item.category = category
  if (tags !== undefined && tags.length > 0) item.tags = [...new Set(tags)]
  if (aliases !== undefined && aliases.length > 0) item.aliases = [...aliases]
  if (newest.conversions.length > 0) item.conversions = newest.conversions
  if (newest.places.length > 0) item.places = newest.places
  return item
}

/** What is meant as a prompt and cannot be one. */
export function refused(origin: Origin, name: string, notes: readonly SourceNote[]): RefusedItem {
  return { kind: 'refused', origin, name, notes: [...notes] }
}

type BuiltVersion =
  | { version: SourceVersion; notes: SourceNote[]; conversions: Conversion[]; places: TextPlace[] }
  | { refused: SourceNote[] }

function buildVersion({
  content,
  declared = [],
  partials = new Map(),
  nameOfPartial = (name) => name,
  notes = [],
  ...said
}: VersionDraft): BuiltVersion {
  const types = new Map(declared.flatMap(({ name, type }) => valueType(name, type)))
  const built = buildContent(content, (text, language, beside) =>
    convert(text, language, partials, {
      types,
      names: declared.map(({ name }) => name),
      beside,
      nameOfPartial: (name) => slugOf(nameOfPartial(name)),
    }),
  )
  if ('refused' in built) return built
  if (isNothing(built)) return { refused: [{ message: NO_TEXT }] }
  const { variables, notes: ofVariables } = mergeVariables(built, declared)
  const cuts: SourceNote[] = []
  return {
    version: {
      ...contentFields(built),
      ...(variables.length > 0 && built.format === 'liquid' ? { variables } : {}),
      ...(said.config && !isEmpty(said.config) ? { config: said.config } : {}),
      ...limited('title', said.title, TITLE_LENGTH, cuts),
      ...limited('description', said.description, DESCRIPTION_LENGTH, cuts),
      ...limited('message', said.message, MESSAGE_LENGTH, cuts),
      ...(said.publish ? { publish: said.publish } : {}),
      ...(said.labels ? { labels: said.labels } : {}),
    },
    notes: [...notes, ...built.notes, ...ofVariables, ...cuts],
    conversions: built.conversions,
    places: built.places,
  }
}

/** A text of blanks alone, or messages that are nothing else. */
function isNothing({ content }: BuiltContent): boolean {
  const { template_content = '', messages }: Pick<SourceVersion, 'template_content' | 'messages'> = content
  if (messages === undefined) return template_content.trim() === ''
  return messages.every(
    (message) => !('type' in message) && typeof message.content === 'string' && message.content.trim() === '',
  )
}

const VALUE_TYPES = {
  string: 'string',
  enum: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  array: 'array',
  object: 'object',
} as const satisfies Partial<Record<NonNullable<DeclaredVariable['type']>, ValueType>>

function valueType(name: string, type: DeclaredVariable['type']): [string, ValueType][] {
  if (type === undefined || type === 'messages') return []
  return [[name, VALUE_TYPES[type]]]
}

function contentFields({
  content,
  format,
}: BuiltContent): Pick<SourceVersion, 'template_content' | 'messages' | 'format'> {
  return { ...content, ...(format === 'text' ? { format } : {}) }
}

function limited(
  field: 'title' | 'description' | 'message',
  value: string | undefined,
  most: number,
  notes: SourceNote[],
): Partial<Record<typeof field, string>> {
  const text = value?.trim()
  if (text === undefined || text === '') return {}
  if (text.length > most) notes.push({ message: `The ${field} is cut after ${most} characters` })
  return { [field]: cutText(text, most) }
}

/** The first of several ways to read an item that can be said here; the reasons of the first, when none can. */
export function firstThatFits(drafts: readonly [ItemDraft, ...ItemDraft[]]): ReadItem {
  const [first, ...others] = drafts
  const best = promptItem(first)
  if (best.kind === 'prompt') return best
  for (const draft of others) {
    const item = promptItem(draft)
    if (item.kind === 'prompt') return item
  }
  return best
}
