import { contract } from '../contract.ts'
import { Stats, StatsQuery } from './schema.ts'

export const getStatsContract = contract({
  id: 'getStats',
  method: 'GET',
  path: '/api/stats',
  tag: 'Usage',
  summary: 'Usage in a span of time: totals, and by prompt, surface and client',
  query: StatsQuery,
  output: Stats,
  status: 200,
  errors: ['forbidden', 'not_found'],
})
