import canonicalize from 'canonicalize'
import type { Json } from '../../liquid/json.ts'
import type { Variable } from '../../liquid/variable.ts'
import type { PromptContent, PromptMessage } from '../content/content.ts'
import { withFormat } from '../content/content-fields.ts'
import type { Publish } from '../schema.ts'
import { mergeLists, settled } from './merge.ts'
import {
  type Build,
  type Choices,
  type Clash,
  isSameJson,
  mergeParts,
  mergeText,
  mergeWhole,
  type Report,
} from './merge-values.ts'
import { sourceText } from './version-diff.ts'

/** What an author says about a version, as an editor holds it. */
export interface VersionFields {
  title: string
  description: string
  content: PromptContent
  variables: readonly Variable[]
  config: { [key: string]: Json }
  publish: Publish
}

/** A clash and the field that it is in. */
export interface Conflict extends Clash {
  /** Tells the place from the others of this merge. */
  id: string
  field: keyof VersionFields
}

export interface VersionMerge {
  /** What has to be chosen, in the order of the fields. */
  conflicts: Conflict[]
  /** Fields that the two changed at different places, or one of them alone. */
  joined: (keyof VersionFields)[]
  /** The merged version; where nothing was chosen yet, it has what is mine. */
  build: (choices: Choices) => VersionFields
}

/**
 * Merges what two authors made of one version: texts by line, messages one by one, variables by name,
 * config and publish by key. A change by one side is taken; different changes by both are a conflict.
 */
export function mergeVersions(base: VersionFields, mine: VersionFields, theirs: VersionFields): VersionMerge {
  const conflicts: Conflict[] = []
  const reportIn =
    (field: keyof VersionFields): Report =>
    (conflict) => {
      const id = `${field}-${conflicts.length}`
      conflicts.push({ id, field, ...conflict })
      return id
    }
  const title = mergeWhole(base.title, mine.title, theirs.title, reportIn('title'))
  const description = mergeText(base.description, mine.description, theirs.description, {
    report: reportIn('description'),
  })
  const content = mergeContent(base.content, mine.content, theirs.content, reportIn('content'))
  const variables = mergeVariables(base.variables, mine.variables, theirs.variables, reportIn('variables'))
  const config = mergeParts(base.config, mine.config, theirs.config, '', reportIn('config'))
  const publish = mergeParts(
    { ...base.publish },
    { ...mine.publish },
    { ...theirs.publish },
    '',
    reportIn('publish'),
  )
  return {
    conflicts,
    joined: joinedFields(base, theirs, conflicts),
    build: (choices) => ({
      title: title(choices),
      description: description(choices),
      content: content(choices),
      variables: variables(choices),
      // Merged from objects of these shapes, key by key.
      config: config(choices) as VersionFields['config'],
      publish: publish(choices) as VersionFields['publish'],
    }),
  }
}

/** The fields in which two versions differ. */
export function changedFields(before: VersionFields, after: VersionFields): (keyof VersionFields)[] {
  const fields = ['title', 'description', 'content', 'variables', 'config', 'publish'] as const
  return fields.filter((field) => !isSameJson(before[field], after[field]))
}

function joinedFields(
  base: VersionFields,
  theirs: VersionFields,
  conflicts: readonly Conflict[],
): (keyof VersionFields)[] {
  const open = new Set(conflicts.map(({ field }) => field))
  return changedFields(base, theirs).filter((field) => !open.has(field))
}

function mergeContent(
  base: PromptContent,
  mine: PromptContent,
  theirs: PromptContent,
  report: Report,
): Build<PromptContent> {
  if (isSameJson(mine, theirs) || isSameJson(theirs, base)) return () => mine
  if (isSameJson(mine, base)) return () => theirs
  // Where both changed it, it is the same.
  const format = mine.format === base.format ? theirs.format : mine.format
  if (base.kind === 'text' && mine.kind === 'text' && theirs.kind === 'text') {
    const text = mergeText(base.template_content, mine.template_content, theirs.template_content, { report })
    return (choices) => withFormat({ kind: 'text', template_content: text(choices) }, format)
  }
  if (base.kind === 'chat' && mine.kind === 'chat' && theirs.kind === 'chat') {
    const messages = mergeMessages(base.messages, mine.messages, theirs.messages, report)
    return (choices) => withFormat({ kind: 'chat', messages: messages(choices) }, format)
  }
  const [a, b, c] = [sourceText(base), sourceText(mine), sourceText(theirs)]
  const id = report({ place: 'Text or chat', base: a, mine: b, theirs: c, isText: false })
  return (choices) => (choices.get(id) === 'theirs' ? theirs : mine)
}

function mergeMessages(
  base: PromptMessage[],
  mine: PromptMessage[],
  theirs: PromptMessage[],
  report: Report,
): Build<PromptMessage[]> {
  let at = 0
  const parts = mergeLists(base, mine, theirs, messageKeys()).map((piece): Build<PromptMessage[]> => {
    const place = `Message ${at + 1}`
    at += piece.base.length
    const messages = settled(piece)
    if (messages !== undefined) return () => messages
    const inside = mergeInside(piece.base, piece.mine, piece.theirs, {
      report,
      first: at - piece.base.length,
    })
    if (inside !== undefined) return inside
    const text = (side: PromptMessage[]) => sourceText({ kind: 'chat', messages: side })
    const [a, b, c] = [text(piece.base), text(piece.mine), text(piece.theirs)]
    const id = report({ place, base: a, mine: b, theirs: c, isText: false })
    return (choices) => (choices.get(id) === 'theirs' ? piece.theirs : piece.mine)
  })
  return (choices) => parts.flatMap((part) => part(choices))
}

/** The canonical text of each message, made once: messages are long, and compared again and again. */
function messageKeys(): (message: PromptMessage) => unknown {
  const keys = new Map<PromptMessage, unknown>()
  return (message) => {
    const key = keys.get(message) ?? canonicalize(message)
    keys.set(message, key)
    return key
  }
}

/** Messages that both kept in number, order and role are merged by their lines; undefined for others. */
function mergeInside(
  base: PromptMessage[],
  mine: PromptMessage[],
  theirs: PromptMessage[],
  { report, first }: { report: Report; first: number },
): Build<PromptMessage[]> | undefined {
  if (mine.length !== base.length || theirs.length !== base.length) return undefined
  const texts = base.map((message, index) => {
    const [own, other] = [mine[index], theirs[index]]
    if ('type' in message || own === undefined || other === undefined) return undefined
    if ('type' in own || 'type' in other) return undefined
    const { role, content } = message
    if (own.role !== role || other.role !== role) return undefined
    if (typeof content !== 'string' || typeof own.content !== 'string' || typeof other.content !== 'string')
      return undefined
    return { role, base: content, mine: own.content, theirs: other.content }
  })
  if (texts.includes(undefined)) return undefined
  const built = texts.flatMap((text, index) => {
    if (text === undefined) return []
    const place = `Message ${first + index + 1}`
    return [{ role: text.role, content: mergeText(text.base, text.mine, text.theirs, { report, place }) }]
  })
  return (choices) => built.map(({ role, content }) => ({ role, content: content(choices) }))
}

function mergeVariables(
  base: readonly Variable[],
  mine: readonly Variable[],
  theirs: readonly Variable[],
  report: Report,
): Build<Variable[]> {
  const byName = (variables: readonly Variable[]): { [key: string]: Json } =>
    Object.fromEntries(variables.map((variable) => [variable.name, { ...variable }]))
  const merged = mergeParts(byName(base), byName(mine), byName(theirs), '', report)
  const names = (variables: readonly Variable[]) => variables.map(({ name }) => name)
  const isReordered = !isSameJson(names(mine), names(base))
  const order = new Set(isReordered ? [...names(mine), ...names(theirs)] : [...names(theirs), ...names(mine)])
  return (choices) => {
    // A variable is an object of plain JSON, merged key by key from variables.
    const all = merged(choices) as unknown as Record<string, Variable>
    return [...order].flatMap((name) => {
      const variable = all[name]
      return variable === undefined ? [] : [variable]
    })
  }
}
