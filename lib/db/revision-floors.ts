interface Floor {
  /** What was read before this revision is not kept. */
  revision: number
  /** Goes up when everything known of the workspace is forgotten. */
  epoch: number
}

/**
 * From which revision on what was read of a workspace may be kept. Revisions are counted for each workspace
 * by itself, so each has a floor of its own.
 */
export class RevisionFloors {
  readonly #floors = new Map<string, Floor>()

  /** Refuses what was read before a revision; a floor only rises. */
  raise(workspaceId: string, revision: number): void {
    const floor = this.#floors.get(workspaceId)
    if (floor === undefined) this.#floors.set(workspaceId, { revision, epoch: 0 })
    else floor.revision = Math.max(floor.revision, revision)
  }

  /**
   * Forgets what was known of a workspace, and refuses every reading that has begun. Who reads from now on
   * sees all that was committed so far, so the floor begins at zero: a restored database counts from lower.
   */
  restart(workspaceId: string): void {
    const epoch = (this.#floors.get(workspaceId)?.epoch ?? 0) + 1
    this.#floors.set(workspaceId, { revision: 0, epoch })
  }

  /** Call it before a reading begins; the answer says whether what it brings may be kept. */
  watch(workspaceId: string): (revision: number) => boolean {
    const begun = this.#floors.get(workspaceId)?.epoch ?? 0
    return (revision) => {
      const floor = this.#floors.get(workspaceId)
      return floor === undefined || (floor.epoch === begun && revision >= floor.revision)
    }
  }
}
