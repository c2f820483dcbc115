import { contract } from '../contract.ts'
import { Health, Liveness, Readiness } from './schema.ts'

const tag = 'Health'

export const getHealthContract = contract({
  id: 'getHealth',
  method: 'GET',
  path: '/health',
  tag,
  summary: 'State of this instance, for people and monitors',
  output: Health,
  status: 200,
  errors: [],
})

export const getLivenessContract = contract({
  id: 'getLiveness',
  method: 'GET',
  path: '/health/live',
  tag,
  summary: 'Whether the process runs; asks nothing else',
  output: Liveness,
  status: 200,
  errors: [],
})

export const getReadinessContract = contract({
  id: 'getReadiness',
  method: 'GET',
  path: '/health/ready',
  tag,
  summary: 'Whether this instance should get requests; 503 with the same body while it should not',
  output: Readiness,
  status: 200,
  errors: [],
})
