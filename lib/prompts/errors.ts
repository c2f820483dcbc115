import { appError } from '../errors.ts'

/** The error for a name that nothing has. */
export function noPrompt(name: string) {
  return appError('not_found', `There is no prompt "${name}".`)
}

/** The error for a prompt that is in the archive; `name` may be an alias of it. */
export function isArchived(name: string) {
  const message = `The prompt "${name}" is archived`
  return appError('not_found', `${message}. ${restoring(name)}`, {
    details: [{ path: ['name'], code: 'archived', message, hint: restoring(name) }],
    extra: { archived: true },
  })
}

/** How a prompt comes back from the archive, in words for people and agents. */
export function restoring(name: string): string {
  return `Restore it on its page, /prompts/${name}, or with PATCH /api/prompts/${name} {"archived": false} and the ETag that GET /api/prompts?archived=true lists.`
}

/** The error for a version or a label that a prompt lacks. */
export function noVersion(
  prompt: { name: string; latest_version: number; labels: readonly { label: string }[] },
  selector: { label: string } | { version: number },
) {
  const { name, latest_version } = prompt
  if ('version' in selector)
    return appError(
      'not_found',
      `The prompt "${name}" has no version ${selector.version}; its newest is ${latest_version}.`,
      { extra: { latest_version } },
    )
  const labels = prompt.labels.map((state) => state.label)
  const has = labels.length === 0 ? 'It has no labels yet.' : `Its labels: ${labels.join(', ')}.`
  return appError('not_found', `The prompt "${name}" has no label "${selector.label}". ${has}`, {
    extra: { labels },
  })
}
