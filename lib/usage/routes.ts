import { endpoint } from '../contract.ts'
import { isForFile } from '../page.ts'
import {
  getSpendingContract,
  getStatsContract,
  getTimeseriesContract,
  listFailuresContract,
  listUsesContract,
} from './contract.ts'
import { exportFailures } from './operations/export-failures.ts'
import { exportSpending } from './operations/export-spending.ts'
import { exportUses } from './operations/export-uses.ts'
import { getSpending } from './operations/get-spending.ts'
import { getStats } from './operations/get-stats.ts'
import { getTimeseries } from './operations/get-timeseries.ts'
import { listFailures } from './operations/list-failures.ts'
import { listUses } from './operations/list-uses.ts'

/** The REST endpoints of statistics and single uses, in the order of the OpenAPI document. */
export const usageRoutes = [
  endpoint(getStatsContract, getStats, 'usage:read'),
  endpoint(getTimeseriesContract, getTimeseries, 'usage:read'),
  endpoint(
    listFailuresContract,
    (actor, input) => (isForFile(input) ? exportFailures(actor, input) : listFailures(actor, input)),
    'usage:read',
  ),
  endpoint(
    listUsesContract,
    (actor, input) => (isForFile(input) ? exportUses(actor, input) : listUses(actor, input)),
    'usage:read',
  ),
  endpoint(
    getSpendingContract,
    (actor, input) => (isForFile(input) ? exportSpending(actor, input) : getSpending(actor, input)),
    'usage:read',
  ),
]
