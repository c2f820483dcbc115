import { showToast } from '#components/ui/toast.ts'

/** Whether somebody else changed the prompt since it was read. */
export function isStale(error: unknown): boolean {
  return currentEtag(error) !== undefined
}

/** Somebody else changed the prompt: what a retry has to name. */
export function currentEtag(error: unknown): string | undefined {
  const problem = error instanceof Error && 'problem' in error ? error.problem : undefined
  if (typeof problem !== 'object' || problem === null || !('current_etag' in problem)) return undefined
  return typeof problem.current_etag === 'string' ? problem.current_etag : undefined
}

/** What went wrong, for people. */
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
