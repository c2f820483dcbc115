import type { Actor } from '../../access/actor.ts'
import type { ResolvedVersion } from '../cache/prompt-cache.ts'
import type { Include, Prompt, PromptVersion, Warning } from '../schema.ts'

/** A prompt with the version that was found, as it is answered. */
export function promptAnswer(
  actor: Actor,
  { resolution, version }: ResolvedVersion,
  warnings?: Warning[],
): Prompt {
  const { prompt, label, etag, includes } = resolution
  const { id, name, category, tags, aliases, archived, labels, latest_version } = prompt
  const { id: _, created_at, ...facts } = version.stored
  return {
    id,
    name,
    category,
    tags,
    aliases,
    archived,
    labels: labels.filter((state) => isVisible(actor, state.label)),
    label,
    // Of other versions an actor pinned to a label is not told.
    latest_version: actor.label === null ? latest_version : facts.version,
    ...facts,
    ...body(version.content),
    variables: [...version.variables],
    includes: seenBy(actor, includes),
    version_created_at: created_at,
    etag,
    created_at: prompt.created_at,
    updated_at: prompt.updated_at,
    ...(warnings === undefined ? {} : { warnings }),
  }
}

/** One version, as it is answered. */
export function versionAnswer(actor: Actor, { resolution, version }: ResolvedVersion): PromptVersion {
  const { prompt, etag, includes } = resolution
  const { id: _, ...facts } = version.stored
  return {
    name: prompt.name,
    ...facts,
    ...body(version.content),
    variables: [...version.variables],
    labels: prompt.labels
      .filter((state) => state.version === facts.version && isVisible(actor, state.label))
      .map((state) => state.label),
    includes: seenBy(actor, includes),
    etag,
  }
}

function seenBy({ label }: Actor, includes: Include[]): Include[] {
  return label === null ? includes : includes.map((include) => ({ ...include, newer: null }))
}

function isVisible(actor: Actor, label: string): boolean {
  return actor.label === null || actor.label === label
}

function body(
  content: ResolvedVersion['version']['content'],
): Pick<Prompt, 'template_content' | 'messages' | 'format'> {
  const { kind: _, format = 'liquid', ...fields } = content
  return { ...fields, format }
}
