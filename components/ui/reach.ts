/** Somebody found that the server does not answer; ConnectionNotice looks for itself. */
export const UNREACHABLE = 'incipit:unreachable'
/** The server answers again. */
export const REACHED = 'incipit:reached'
/** The server answers, and has other files than this page was made of. */
export const OUTDATED = 'incipit:outdated'

const PATIENCE_MS = 5_000

export type Reach = typeof UNREACHABLE | typeof REACHED | typeof OUTDATED

/** Tells every part of the page how things stand with the server. */
export function announce(reach: Reach): void {
  window.dispatchEvent(new Event(reach))
}

/** Asks the server for a sign of life; false when none comes within five seconds. */
export async function isReached(stop?: AbortSignal): Promise<boolean> {
  const patience = AbortSignal.timeout(PATIENCE_MS)
  const signal = stop === undefined ? patience : AbortSignal.any([stop, patience])
  try {
    const { status } = await fetch('/health/live', { cache: 'no-store', signal })
    // What stands in front of the server answers for it while it is away.
    return status !== 502 && status !== 504
  } catch {
    return false
  }
}

/** Resolves when the server answers again after it was away. */
export function untilReached(): Promise<void> {
  return new Promise((resolve) => window.addEventListener(REACHED, () => resolve(), { once: true }))
}
