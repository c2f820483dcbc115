import type { Actor } from '../../access/actor.ts'
import { assertMay } from '../../access/rights.ts'
import { appError, type ErrorDetail } from '../../errors.ts'
import type { Variable } from '../../liquid/variable.ts'
import { isPromptName, LATEST } from '../../prompts/name.ts'
import { getPrompt } from '../../prompts/operations/get-prompt.ts'
import { getRenderSource } from '../../prompts/operations/runs/get-render-source.ts'
import type { Prompt, VersionSelector } from '../../prompts/schema.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { plainPrompt } from '../convert/plain-prompt.ts'
import type { LangfusePrompt } from '../schema.ts'

export type GetLangfusePromptRequest = VersionSelector & { name: string }

/**
 * A prompt in the form of Langfuse, by name or alias: `production` without a selector. Counted as a use of it.
 * @throws not_found, unprocessable for a text that Langfuse's clients cannot fill in or that was redacted,
 *   invalid_input for label and version both, forbidden, unavailable
 */
export const getLangfusePrompt = operation('getLangfusePrompt', run)

async function run(actor: Actor, { name, ...selector }: GetLangfusePromptRequest): Promise<LangfusePrompt> {
  assertMay(actor, 'prompts:read')
  if (!isPromptName(name)) throw noSuchName(name)
  const prompt = await getPrompt(actor, { name, ...selector })
  const { version } = prompt
  const source = await getRenderSource(actor, { name: prompt.name, version, forUse: true })
  const { render_work: work, output_bytes: output } = getRuntime().config.limits
  const { content, problems } = plainPrompt(source.content, source.includes, { work, output })
  if (problems.length > 0) throw refused(prompt, problems)
  // Who is pinned to a label is not told whether there is a newer version.
  const isNewest = actor.label === null ? version === prompt.latest_version : actor.label === LATEST
  return { ...factsOf(prompt, isNewest), ...notesOn(source.variables), ...content }
}

function factsOf(prompt: Prompt, isNewest: boolean) {
  const { id, name, version, config, tags, message, etag } = prompt
  const own = prompt.labels.flatMap(({ label, version: named }) => (named === version ? [label] : []))
  return {
    id: `${id}-${version}`,
    name,
    version,
    config,
    labels: isNewest ? [...own, LATEST] : own,
    tags,
    commitMessage: message === '' ? null : message,
    createdAt: prompt.version_created_at,
    updatedAt: prompt.updated_at,
    createdBy: prompt.author.display,
    isActive: own.includes('production'),
    resolutionGraph: null,
    etag,
  }
}

function notesOn(variables: readonly Variable[]): { notes?: string[] } {
  const notes = variables.flatMap(({ name, default: value }) =>
    value === undefined ? [] : [`"${name}" has the default ${JSON.stringify(value)}: give it at each call`],
  )
  return notes.length === 0 ? {} : { notes }
}

/** Langfuse's names may have folders and spaces. */
function noSuchName(name: string) {
  const near = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '_')
    .replaceAll(/^[_-]+|_+$/g, '')
    .slice(0, 64)
  const hint = `Names here are made of lower-case letters, digits, "_" and "-", without folders${isPromptName(near) ? `; it may be "${near}"` : ''}.`
  return appError('not_found', `There is no prompt "${name}". ${hint}`, {
    details: [{ path: ['name'], code: 'no_name', message: 'is no name that a prompt can have here', hint }],
  })
}

function refused({ name, version }: Prompt, problems: ErrorDetail[]) {
  const [first] = problems
  const line = first?.range === undefined ? '' : ` (line ${first.range.line})`
  const message = `Version ${version} of "${name}" cannot be filled in by Langfuse’s clients: ${first?.message}${line}. ${first?.hint}`
  return appError('unprocessable', message, { details: problems })
}
