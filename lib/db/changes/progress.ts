interface Workspace {
  /** Every revision up to this one was announced. */
  seen: number
  /** Revisions that were announced before those in front of them. */
  ahead: Set<number>
}

/** Which revisions of each workspace were announced in this process. */
export class Progress {
  readonly #workspaces = new Map<string, Workspace>()
  readonly #waiting = new Set<() => void>()

  /** The last revision up to which everything was announced; 0 for a workspace that is not known yet. */
  seen(workspaceId: string): number {
    return this.#workspaces.get(workspaceId)?.seen ?? 0
  }

  isKnown(workspaceId: string): boolean {
    return this.#workspaces.has(workspaceId)
  }

  /** Notes that a revision is announced now; false when it was announced before. */
  note(workspaceId: string, revision: number): boolean {
    const state = this.#workspaces.get(workspaceId)
    if (state === undefined) return true
    if (revision <= state.seen || state.ahead.has(revision)) return false
    state.ahead.add(revision)
    this.advance(workspaceId, state.seen)
    return true
  }

  /** Starts a workspace at a revision, whatever was known of it before. */
  restart(workspaceId: string, revision: number): void {
    this.#workspaces.set(workspaceId, { seen: revision, ahead: new Set() })
  }

  /** Moves `seen` to a revision and past everything that was announced ahead of it. */
  advance(workspaceId: string, revision: number): void {
    const state = this.#workspaces.get(workspaceId)
    if (state === undefined) return
    state.seen = Math.max(state.seen, revision)
    for (const ahead of state.ahead) if (ahead <= state.seen) state.ahead.delete(ahead)
    while (state.ahead.delete(state.seen + 1)) state.seen += 1
  }

  /** Wakes those that wait for a revision. The listeners have heard of it by then. */
  wake(): void {
    for (const check of this.#waiting) check()
  }

  /** Waits until a revision was announced; false when it was not within the time. */
  waitFor(workspaceId: string, revision: number, timeoutMs: number): Promise<boolean> {
    const isReached = () => this.seen(workspaceId) >= revision
    if (isReached()) return Promise.resolve(true)
    return new Promise((resolve) => {
      const finish = (result: boolean) => {
        clearTimeout(timer)
        this.#waiting.delete(check)
        resolve(result)
      }
      const check = () => {
        if (isReached()) finish(true)
      }
      const timer = setTimeout(() => finish(false), timeoutMs)
      this.#waiting.add(check)
    })
  }
}
