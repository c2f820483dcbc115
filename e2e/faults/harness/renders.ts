import { type Answer, call, textAt } from './api.ts'

/** Renders a text that belongs to no prompt. */
export function renderDraft(
  app: { url: string },
  template_content: string,
  values: object,
  variables?: unknown,
): Promise<Answer> {
  return call(app, 'POST', '/api/render', { body: { template_content, values, variables }, within: 60_000 })
}

/** "rendered", or why not; anything but a reasoned refusal is told as it is. */
export function outcome(answer: Answer): string {
  if (answer.status === 200) return 'rendered'
  const isRefusal = [400, 413, 422].includes(answer.status) && textAt(answer.body, 'detail') !== ''
  return isRefusal ? 'refused' : `${answer.status} ${JSON.stringify(answer.body)}`
}

/** What may come of a text that somebody made up to do harm. */
export const IN_ORDER = ['rendered', 'refused']
