import { loadLocalIdentity } from '../../access/identify.ts'
import { getRuntime } from '../../runtime.ts'
import { findProvider } from '../providers/registry.ts'
import { findUsable } from './read-chain.ts'

/**
 * Says in the log which active configurations cannot be used here because their provider is switched off, such
 * as the `echo` that a workspace had from the beginning once others can reach the server.
 * @throws unavailable
 */
export async function warnOfUnusable(): Promise<void> {
  const { workspaceId } = await loadLocalIdentity()
  const all = await findUsable(workspaceId)
  const off = all.filter(({ provider }) => findProvider(provider) === undefined)
  if (off.length > 0)
    getRuntime().log.warn(
      { configurations: off },
      'active AI configurations cannot be used here: their provider is switched off (echo: set ai.echo to true, or leave it to local mode)',
    )
}
