import { endpoint } from '../contract.ts'
import { getSpendingContract, getStatsContract, getTimeseriesContract, listUsesContract } from './contract.ts'
import { exportSpending } from './operations/export-spending.ts'
import { exportUses } from './operations/export-uses.ts'
import { getSpending } from './operations/get-spending.ts'
import { getStats } from './operations/get-stats.ts'
import { getTimeseries } from './operations/get-timeseries.ts'
import { listUses } from './operations/list-uses.ts'

/** The REST endpoints of statistics and single uses, in the order of the OpenAPI document. */
export const usageRoutes = [
  endpoint(getStatsContract, getStats, 'usage:read'),
  endpoint(getTimeseriesContract, getTimeseries, 'usage:read'),
  endpoint(
    listUsesContract,
    (actor, input) => (input.format === 'csv' ? exportUses(actor, input) : listUses(actor, input)),
    'usage:read',
  ),
  endpoint(
    getSpendingContract,
    (actor, input) => (input.format === 'csv' ? exportSpending(actor, input) : getSpending(actor, input)),
    'usage:read',
  ),
]
