import { etagOf } from '../etag.ts'
import { PRODUCTION } from '../prompts/name.ts'
import type { LabelRule } from './schema.ts'

/** A row; a label without one has revision 0. */
export interface RuleRow {
  label: string
  protected: boolean
  contract: LabelRule['contract']
  revision: number
}

/** What holds where nothing was decided. */
export function undecided(label: string): RuleRow {
  return { label, protected: false, contract: 'off', revision: 0 }
}

/** The row as `assertMatches` compares it. */
export function revised({ label, revision }: RuleRow): { id: string; revision: number } {
  return { id: label, revision }
}

/** A rule as callers see it. */
export function ruleAnswer(row: RuleRow): LabelRule {
  const isProtected = row.protected || row.label === PRODUCTION
  return { label: row.label, protected: isProtected, contract: row.contract, etag: etagOf(revised(row)) }
}
