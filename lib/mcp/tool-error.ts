import type { AppError } from '../errors.ts'
import { cutText } from '../text.ts'

const TEXT_MAX = 4000

/** An error as a model can act on it: what is wrong, where, and what to do. */
export function explain(error: AppError): string {
  const lines = [
    error.message,
    ...error.details.flatMap((detail) => {
      const line = describe(detail)
      // A single fault is often the whole message already.
      return error.message.includes(line) ? [] : [`- ${line}`]
    }),
    ...advice(error),
  ]
  return cutText(lines.join('\n'), TEXT_MAX)
}

function describe({ path, message, hint }: AppError['details'][number]): string {
  const where = path.length === 0 ? '' : `${path.join('.')}: `
  return `${where}${message}${hint === undefined ? '' : ` (${hint})`}`
}

function advice({ code, extra, retryAfter }: AppError): string[] {
  switch (code) {
    case 'not_found':
      if (extra.archived === true) return []
      return Array.isArray(extra.labels) || extra.latest_version !== undefined
        ? ['Name one of these with label, or a version.']
        : ['search_prompts finds the names that exist.']
    case 'precondition_failed':
    case 'conflict':
      return ['Read it again with get_prompt and repeat the change on what it is now.']
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
      return []
  }
}
