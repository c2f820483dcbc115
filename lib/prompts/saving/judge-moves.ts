import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import type { Variable } from '../../liquid/variable.ts'
import { brokenBy, toldTo, variablesOfVersions } from '../impact/contract-guard.ts'
import type { BreakingChange } from '../impact/schema.ts'
import type { PlannedPrompt } from './planned.ts'

interface Move {
  planned: PlannedPrompt
  label: string
  number: number
}

/**
 * Says what moves of labels break. Those stay where they are whose rule asks for a contract that is kept.
 * @param contracts labels with such a rule
 */
export async function judgeMoves(
  tx: Tx,
  actor: Actor,
  planned: readonly PlannedPrompt[],
  contracts: ReadonlySet<string>,
): Promise<void> {
  const moves = planned.flatMap((each) =>
    each.existing === undefined
      ? []
      : [...each.moves].map(([label, number]) => ({ planned: each, label, number })),
  )
  const variables = await variablesAfter(tx, actor, moves)
  const broken = await brokenBy(
    tx,
    actor,
    moves.map(({ planned: { id }, label }, place) => ({
      promptId: id,
      label,
      variables: variables[place] ?? [],
    })),
  )
  for (const [place, move] of moves.entries()) {
    const { breaking = [], logged = [] } = broken[place] ?? {}
    if (breaking.length === 0) continue
    const { saved, broken: all } = move.planned
    if (contracts.has(move.label)) {
      move.planned.moves.delete(move.label)
      saved.notes.push(staysNote(move, breaking))
      continue
    }
    const told = toldTo(actor, breaking)
    saved.breaking.push(...told.map((each) => ({ label: move.label, ...each })))
    saved.notes.push(movesNote(move, told))
    all.push(...logged.map((each) => ({ label: move.label, ...each })))
  }
}

/** Variables of the versions that labels will name: of those that are brought, and of those that are there. */
async function variablesAfter(
  tx: Tx,
  actor: Actor,
  moves: readonly Move[],
): Promise<(readonly Variable[] | undefined)[]> {
  const brought = moves.map(
    ({ planned, number }) => planned.versions.find((each) => each.number === number)?.draft.variables,
  )
  const asked = moves.flatMap(({ planned, number }, place) =>
    brought[place] === undefined ? [{ place, promptId: planned.id, version: number }] : [],
  )
  const there = await variablesOfVersions(tx, actor, asked)
  for (const [index, { place }] of asked.entries()) brought[place] = there[index]
  return brought
}

function staysNote({ label }: Move, breaking: readonly BreakingChange[]): string {
  return `The label "${label}" stays where it is, as it keeps its contract and the version would break it: ${reasons(breaking)}. Move it in the workbench or over REST where that is meant.`
}

/** Notes are kept, so they name nobody. */
function movesNote({ label, number }: Move, breaking: readonly BreakingChange[]): string {
  const callers = new Set(breaking.flatMap((each) => each.callers)).size
  const refused =
    callers === 0 ? '' : `; ${callers === 1 ? 'a caller' : `${callers} callers`} would be refused`
  return `The label "${label}" moves to version ${number}, which takes less than the one before${refused}: ${reasons(breaking)}`
}

function reasons(breaking: readonly BreakingChange[]): string {
  return breaking.map(({ message }) => message).join('; ')
}
