/** Revisions of the protocol with a handshake (`initialize`), newest first. */
export const HANDSHAKE_REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const
/** The revision without one: each request says who asks and in which revision. */
export const STATELESS_REVISION = '2026-07-28'

export type HandshakeRevision = (typeof HANDSHAKE_REVISIONS)[number]
export type Revision = HandshakeRevision | typeof STATELESS_REVISION

/** What a request without MCP-Protocol-Version speaks (2025-11-25, "Protocol Version Header"). */
export const REVISION_WITHOUT_HEADER: HandshakeRevision = '2025-03-26'

/** Whether a text names a revision with a handshake that is served. */
export function isHandshakeRevision(text: string): text is HandshakeRevision {
  return HANDSHAKE_REVISIONS.some((revision) => revision === text)
}

/** The answer to `initialize`: what the client asked for when it is served, else the newest. */
export function negotiate(asked: string): HandshakeRevision {
  return isHandshakeRevision(asked) ? asked : HANDSHAKE_REVISIONS[0]
}

/**
 * The id of an error whose request cannot be told: JSON-RPC says null, and the newer revisions none.
 * @param version of the header, whether or not it is served
 */
export function unknownId(version: string | undefined): null | undefined {
  return version === undefined || (isHandshakeRevision(version) && version < '2025-11-25') ? null : undefined
}

/** Whether messages may carry sound; revisions are dates, so they compare as texts. */
export function hasAudio(revision: Revision): boolean {
  return revision >= '2025-03-26'
}

export function hasResourceLinks(revision: Revision): boolean {
  return revision >= '2025-06-18'
}

/** JSON-RPC batches were part of one revision alone; older ones inherited them from JSON-RPC itself. */
export function hasBatches(revision: Revision): boolean {
  return revision <= '2025-03-26'
}
