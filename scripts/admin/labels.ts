import type { Actor } from '#lib/access/actor.ts'
import { getLabelRule } from '#lib/label-rules/operations/get-label-rule.ts'
import { listLabelRules } from '#lib/label-rules/operations/list-label-rules.ts'
import { setLabelRule } from '#lib/label-rules/operations/set-label-rule.ts'
import { LabelName } from '#lib/prompts/name.ts'
import { listLabels } from '#lib/prompts/operations/list-labels.ts'
import { setLabel } from '#lib/prompts/operations/set-label.ts'
import { type Answer, type Commands, UsageError } from './command.ts'
import { columns } from './print.ts'

export const labelCommands = {
  'labels list': {
    as: 'operator',
    args: ['[PROMPT]'],
    does: 'lists the labels of a prompt; without one, all labels and whether they are protected',
    example: 'npm run admin -- labels list documentation',
    run: (actor, { values: [prompt] }) => (prompt === undefined ? listRules(actor) : listOf(actor, prompt)),
  },
  'labels move': {
    as: 'operator',
    args: ['PROMPT', 'LABEL', 'VERSION'],
    does: 'sets a label of a prompt to a version, protected ones as well',
    example: 'npm run admin -- labels move documentation production 3',
    run: (actor, { values }) => move(actor, values),
  },
  'labels protect': {
    as: 'operator',
    args: ['LABEL'],
    does: 'lets a label be moved by those alone who may release',
    example: 'npm run admin -- labels protect staging',
    run: (actor, { values: [label = ''] }) => protect(actor, label, true),
  },
  'labels unprotect': {
    as: 'operator',
    args: ['LABEL'],
    does: 'takes that back; production is always protected',
    example: 'npm run admin -- labels unprotect staging',
    run: (actor, { values: [label = ''] }) => protect(actor, label, false),
  },
} satisfies Commands

async function listRules(actor: Actor): Promise<Answer> {
  const { items } = await listLabelRules(actor)
  const rows = items.map((rule) => [rule.label, rule.protected ? 'protected' : 'open to all who write'])
  return { text: columns(rows), data: { items } }
}

async function listOf(actor: Actor, name: string): Promise<Answer> {
  const { items } = await listLabels(actor, { name })
  const rows = items.map(({ label, version, updated_at }) => [
    label,
    `version ${version}`,
    `since ${updated_at}`,
  ])
  return { text: rows.length === 0 ? `"${name}" has no labels.` : columns(rows), data: { items } }
}

async function move(actor: Actor, [name = '', label = '', text = '']: readonly string[]): Promise<Answer> {
  const version = Number(text)
  if (!Number.isInteger(version) || version < 1) throw new UsageError(`"${text}" is no number of a version.`)
  const moved = await setLabel(actor, { name, label: labelOf(label), version, if_match: '*' })
  const before =
    moved.previous_version === null ? 'It is new.' : `Before it was version ${moved.previous_version}.`
  return { text: `${moved.label} of "${moved.name}" is version ${moved.version}. ${before}`, data: moved }
}

async function protect(actor: Actor, text: string, isProtected: boolean): Promise<Answer> {
  const label = labelOf(text)
  const { etag } = await getLabelRule(actor, { label })
  const rule = await setLabelRule(actor, { label, protected: isProtected, if_match: etag })
  return { text: `${label} is ${rule.protected ? 'protected' : 'open to all who write'}.`, data: rule }
}

function labelOf(text: string): string {
  const parsed = LabelName.safeParse(text)
  if (!parsed.success) throw new UsageError(`"${text}" is no label: ${parsed.error.issues[0]?.message}`)
  return parsed.data
}
