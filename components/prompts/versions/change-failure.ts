import { showToast } from '#components/ui/toast.ts'
import { currentEtag } from '#lib/rest/client.ts'

/** Whether the prompt has changed since it was read. */
export function isStale(error: unknown): boolean {
  return currentEtag(error) !== undefined
}

/** The failure in words, for people. */
export function failureText(error: unknown): string {
  return error instanceof Error ? error.message : 'Something unexpected went wrong.'
}

/** Says that an undo did not work; nothing was changed then. */
export function showUndoFailure(error: unknown): void {
  showToast({
    message: 'Not undone',
    detail: isStale(error)
      ? 'Somebody else changed this prompt meanwhile, so it was left as it is.'
      : failureText(error),
    tone: 'failure',
  })
}
