import { endpoint } from '../contract.ts'
import { getSpendingContract, getStatsContract, getTimeseriesContract } from './contract.ts'
import { exportSpending } from './operations/export-spending.ts'
import { getSpending } from './operations/get-spending.ts'
import { getStats } from './operations/get-stats.ts'
import { getTimeseries } from './operations/get-timeseries.ts'

/** The REST endpoints of statistics, in the order of the OpenAPI document. */
export const usageRoutes = [
  endpoint(getStatsContract, getStats, 'usage:read'),
  endpoint(getTimeseriesContract, getTimeseries, 'usage:read'),
  endpoint(
    getSpendingContract,
    (actor, input) => (input.format === 'csv' ? exportSpending(actor, input) : getSpending(actor, input)),
    'usage:read',
  ),
]
