import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { contractsAmong } from '../../label-rules/protected-labels.ts'
import { brokenBy, toldTo, variablesOfVersions, wouldBreak } from '../impact/contract-guard.ts'
import type { BrokenLabel } from '../impact/schema.ts'
import type { RevertedPrompt } from './reverted.ts'

/**
 * What labels break that move back.
 * @param accepts the caller knows it and wants it
 * @returns what each prompt's labels break, by its id, for the audit log
 * @throws conflict `would_break`, where the rule of such a label asks for a contract and the caller does not accept it
 */
export async function brokenByRevert(
  tx: Tx,
  actor: Actor,
  prompts: readonly RevertedPrompt[],
  accepts: boolean,
): Promise<Map<string, BrokenLabel[]>> {
  const moves = prompts
    .filter(({ effect }) => !effect.created)
    .flatMap(({ id, name, effect }) =>
      // A label that goes away breaks everybody, which no contract holds back.
      effect.labels.flatMap(({ label, from }) =>
        from === null ? [] : [{ promptId: id, name, label, version: from }],
      ),
    )
  const variables = await variablesOfVersions(tx, actor, moves)
  const broken = await brokenBy(
    tx,
    actor,
    moves.map(({ promptId, label }, place) => ({ promptId, label, variables: variables[place] ?? [] })),
  )
  const contracts = await contractsAmong(
    tx,
    actor.workspaceId,
    moves.map(({ label }) => label),
  )
  const found = new Map<string, BrokenLabel[]>()
  for (const [place, { promptId, name, label }] of moves.entries()) {
    const { breaking = [], logged = [] } = broken[place] ?? {}
    if (breaking.length === 0) continue
    if (!accepts && contracts.has(label)) throw wouldBreak(name, label, toldTo(actor, breaking), ['id'])
    const all = found.get(promptId) ?? []
    found.set(promptId, [...all, ...logged.map((each) => ({ label, ...each }))])
  }
  return found
}
