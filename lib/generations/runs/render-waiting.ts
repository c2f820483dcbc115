import type { Actor } from '../../access/actor.ts'
import { settingsIn } from '../../ai/run-settings.ts'
import { onPrimary } from '../../db/read.ts'
import { prepareRun } from '../../prompts/operations/runs/prepare-run.ts'
import { getRuntime } from '../../runtime.ts'
import type { Target } from '../streaming/read-progress.ts'

/** A generation whose messages are still to be made: of a version, for drafts are rendered when asked for. */
export interface Unrendered {
  /** Of the prompt, as it is called now. */
  prompt: string
  version: number
  variables: Readonly<Record<string, unknown>>
}

/** A text that was erased with its version meanwhile stays erased. */
const KEEP = `UPDATE generated_content SET messages = $3::json, config = $4::json
  WHERE workspace_id = $1::uuid AND id = $2::uuid AND messages IS NULL AND redacted_at IS NULL`

/**
 * Renders a generation that has its turn, and keeps what is to be sent, and how, in its row.
 * @throws as rendering does, also for a prompt that was archived and a version that was redacted meanwhile
 */
export function renderWaiting(actor: Actor, target: Target, unrendered: Unrendered): Promise<void> {
  return inTurn(async () => {
    const { prompt: name, version, variables: values } = unrendered
    const { messages, config } = await prepareRun(actor, { name, version, values })
    const settings = settingsIn(config)
    const parameters = [
      target.workspaceId,
      target.id,
      JSON.stringify(messages),
      settings === undefined ? null : JSON.stringify(settings),
    ]
    await onPrimary(({ pool }) =>
      pool.query({ name: 'generations.rendered', text: KEEP, values: parameters }),
    )
  })
}

/** One after the other: many whose turn has come must not hold many megabytes each, nor the thread together. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const line = getRuntime().once('generations.renders', () => ({
    last: Promise.resolve() as Promise<unknown>,
  }))
  const result = line.last.then(work)
  line.last = result.catch(() => undefined)
  return result
}
