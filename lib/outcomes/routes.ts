import { endpoint } from '../contract.ts'
import { isForFile } from '../page.ts'
import {
  getQualityContract,
  listOutcomesContract,
  reportOutcomeContract,
  withdrawOutcomeContract,
} from './contract.ts'
import { exportOutcomes } from './operations/export-outcomes.ts'
import { getQuality } from './operations/get-quality.ts'
import { listOutcomes } from './operations/list-outcomes.ts'
import { reportOutcome } from './operations/report-outcome.ts'
import { withdrawOutcome } from './operations/withdraw-outcome.ts'

/** The REST endpoints of outcomes, in the order of the OpenAPI document. */
export const outcomeRoutes = [
  endpoint(reportOutcomeContract, reportOutcome, 'prompts:read'),
  endpoint(
    listOutcomesContract,
    (actor, input) => (isForFile(input) ? exportOutcomes(actor, input) : listOutcomes(actor, input)),
    'usage:read',
    { or: 'generations:read' },
  ),
  endpoint(withdrawOutcomeContract, withdrawOutcome, 'prompts:read'),
  endpoint(getQualityContract, getQuality, 'usage:read'),
]
