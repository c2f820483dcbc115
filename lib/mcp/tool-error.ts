import type { AppError, ErrorCode } from '../errors.ts'
import { cutText } from '../text.ts'

const TEXT_MAX = 4000

/** What a tool says besides about an error of a code, in the place of what is said of all of them. */
export type Advice = Partial<Record<ErrorCode, string>>

/** An error as a model, or a person whose client shows nothing else, can act on it: what is wrong, where, what to do. */
export function explain(error: AppError, own: Advice = {}): string {
  const lines = [
    error.message,
    ...error.details.flatMap((detail) => {
      const line = describe(detail)
      // A single fault is often the whole message already.
      return error.message.includes(line) ? [] : [`- ${line}`]
    }),
    ...advice(error, own),
  ]
  return cutText(lines.join('\n'), TEXT_MAX)
}

function describe({ path, message, hint }: AppError['details'][number]): string {
  // Many say themselves what they are about.
  const isNamed = path.length === 0 || message.startsWith(`${String(path.at(-1))} `)
  const where = isNamed ? '' : `${path.join('.')}: `
  return `${where}${message}${hint === undefined ? '' : ` (${hint})`}`
}

function advice({ code, extra, retryAfter }: AppError, own: Advice): string[] {
  const told = own[code]
  switch (code) {
    case 'not_found':
      if (extra.archived === true) return []
      if (Array.isArray(extra.labels)) return [labelAdvice(extra.labels)]
      if (typeof extra.latest_version === 'number') return [versionAdvice(extra.latest_version)]
      return [told ?? 'search_prompts finds the names that exist.']
    case 'precondition_failed':
      return [staleAdvice(extra)]
    case 'rate_limited':
    case 'quota_exceeded':
    case 'unavailable':
    case 'overloaded':
    case 'storage_full':
    case 'read_only':
    case 'lock_timeout':
    case 'upstream_failed':
      return [`Try again${retryAfter === undefined ? ' later' : ` in ${retryAfter} seconds`}.`]
    default:
      return told === undefined ? [] : [told]
  }
}

function labelAdvice(labels: readonly unknown[]): string {
  return labels.length === 0
    ? 'Name a version by its number, or the label "latest" for the newest.'
    : 'Name one of these with label, or a version by its number.'
}

function versionAdvice(newest: number): string {
  return newest === 1 ? 'Its only version is 1.' : `Its versions are 1 to ${newest}.`
}

function staleAdvice({ latest_version: newest }: AppError['extra']): string {
  if (typeof newest !== 'number') return 'Repeat the change on what get_prompt shows now.'
  return `Read version ${newest} with get_prompt, repeat the change on it, and send base_version ${newest}.`
}
