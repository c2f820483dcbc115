import { contract } from '../contract.ts'
import { Health, Liveness, Readiness } from './schema.ts'
import { MessagePath, System } from './system-schema.ts'

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

export const readSystemContract = contract({
  id: 'readSystem',
  method: 'GET',
  path: '/api/system',
  tag,
  summary: 'How the installation is: instances, database, queues, upkeep, caches, last errors',
  description:
    'What is said of memory (caches, last errors, slowest statements) is that of the instance that answers. Parts that the database would tell are null while it is away. `GET /health/ready?verbose` has the same in its member `system`.',
  output: System,
  status: 200,
  errors: ['forbidden'],
})

export const resendMessageContract = contract({
  id: 'resendMessage',
  method: 'POST',
  path: '/api/system/outbox/{id}/resend',
  tag,
  summary: 'Send a message again that was refused again and again',
  params: MessagePath,
  status: 204,
  errors: ['forbidden', 'not_found'],
})

export const dropMessageContract = contract({
  id: 'dropMessage',
  method: 'DELETE',
  path: '/api/system/outbox/{id}',
  tag,
  summary: 'Give up a message that was refused again and again',
  description:
    'It is deleted and never sent; later messages of its subject go out. A generation whose message is dropped is handed to a run anew by the upkeep.',
  params: MessagePath,
  status: 204,
  errors: ['forbidden', 'not_found'],
})
