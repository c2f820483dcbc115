import { endpoint } from '../contract.ts'
import { getStatsContract, getTimeseriesContract } from './contract.ts'
import { getStats } from './operations/get-stats.ts'
import { getTimeseries } from './operations/get-timeseries.ts'

/** What REST offers of statistics, in the order of its document. */
export const usageRoutes = [
  endpoint(getStatsContract, getStats, 'usage:read'),
  endpoint(getTimeseriesContract, getTimeseries, 'usage:read'),
]
