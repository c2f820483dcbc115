import { contract } from '../contract.ts'
import { Stats, StatsQuery, Timeseries, TimeseriesQuery } from './schema.ts'

const TAG = 'Usage'

export const getStatsContract = contract({
  id: 'getStats',
  method: 'GET',
  path: '/api/stats',
  tag: TAG,
  summary: 'Usage in a span of time: totals, and by prompt, version, surface and client',
  query: StatsQuery,
  output: Stats,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const getTimeseriesContract = contract({
  id: 'getTimeseries',
  method: 'GET',
  path: '/api/stats/timeseries',
  tag: TAG,
  summary: 'Usage over time',
  description:
    'Uses are counted by the hour of UTC: in a time zone that is half an hour off, a point may begin with an hour that is partly of the day before. Past `limits.timeseries_points` it is refused.',
  query: TimeseriesQuery,
  output: Timeseries,
  status: 200,
  errors: ['forbidden', 'not_found', 'too_large'],
})
